"""The MQTT proxy: a device without WiFi reaches its broker through the phone.

`messages`, `encode`, `decode`: what the device and the phone say to each other. `broker`: the phone's
own MQTT client. `session`: what each side's messages mean for the other. `serve`: the command.
"""
