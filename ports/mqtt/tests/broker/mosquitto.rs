//! Servers: mosquitto with a TLS listener and a plain one, and openssl's.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::authority::Authority;

/// A port that is free now.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn wait_until_it_listens(port: u16) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "nobody listens at {port}");
        sleep(Duration::from_millis(20));
    }
}

/// A broker.
pub(crate) struct Mosquitto {
    process: Child,
    log: String,
    config: String,
    pub(crate) tls: u16,
    pub(crate) plain: u16,
}

impl Mosquitto {
    /// Starts one that shows the certificate `server` and wants one from the same authority.
    pub(crate) fn start(authority: &Authority, server: &str) -> Self {
        let (tls, plain) = (free_port(), free_port());
        let config = authority.path("mosquitto.conf");
        let text = format!(
            "user root\nper_listener_settings true\n\
             listener {plain} 127.0.0.1\nallow_anonymous true\n\
             listener {tls} 127.0.0.1\nallow_anonymous true\ncafile {}\ncertfile {}\nkeyfile {}\n\
             require_certificate true\n",
            authority.path("ca.pem"),
            authority.path(&format!("{server}.pem")),
            authority.path(&format!("{server}.key")),
        );
        fs::write(&config, text).unwrap();
        let log = authority.path("mosquitto.log");
        let process = Self::spawn(&config, &log);
        let broker = Self {
            process,
            log,
            config,
            tls,
            plain,
        };
        wait_until_it_listens(plain);
        broker
    }

    fn spawn(config: &str, log: &str) -> Child {
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .unwrap();
        let mosquitto = ["/usr/sbin/mosquitto", "mosquitto"]
            .into_iter()
            .find(|path| std::path::Path::new(path).exists())
            .unwrap_or("mosquitto");
        Command::new(mosquitto)
            .args(["-v", "-c", config])
            .stdout(log.try_clone().unwrap())
            .stderr(Stdio::from(log))
            .spawn()
            .expect("mosquitto")
    }

    /// Ends it at once, as a crash does, and starts it again after a while.
    pub(crate) fn restart(&mut self, after: Duration) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        sleep(after);
        self.process = Self::spawn(&self.config, &self.log);
        wait_until_it_listens(self.plain);
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A TLS server that is no broker.
pub(crate) struct OpensslServer {
    process: Child,
    pub(crate) port: u16,
}

impl OpensslServer {
    pub(crate) fn start(authority: &Authority, server: &str, more: &[&str]) -> Self {
        let port = free_port();
        let process = Command::new("openssl")
            .current_dir(&authority.folder)
            .args([
                "s_server",
                "-quiet",
                "-accept",
                &format!("127.0.0.1:{port}"),
            ])
            .args([
                "-cert",
                &format!("{server}.pem"),
                "-key",
                &format!("{server}.key"),
            ])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl");
        let server = Self { process, port };
        wait_until_it_listens(port);
        server
    }
}

impl Drop for OpensslServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
