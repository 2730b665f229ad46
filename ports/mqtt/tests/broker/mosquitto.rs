//! Servers: mosquitto with a TLS listener and a plain one, and openssl's.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::authority::Authority;

/// What mosquitto says when it listens.
const RUNNING: &str = " running\n";
/// How often ports are chosen before none are to be had: another test's may come in between.
const CHOICES: usize = 20;

/// Two ports that are free now, and not the same.
fn free_ports() -> (u16, u16) {
    let held = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let [first, second] = held.each_ref().map(|one| one.local_addr().unwrap().port());
    (first, second)
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
        let config = authority.path("mosquitto.conf");
        let log = authority.path("mosquitto.log");
        for _ in 0..CHOICES {
            let (tls, plain) = free_ports();
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
            let mut broker = Self {
                process: Self::spawn(&config, &log),
                log: log.clone(),
                config: config.clone(),
                tls,
                plain,
            };
            if broker.runs(1) {
                return broker;
            }
        }
        panic!("{}", fs::read_to_string(log).unwrap());
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

    /// Waits until it listens at both ports for that time; false when it has ended instead.
    fn runs(&mut self, time: usize) -> bool {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.log().matches(RUNNING).count() < time {
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            assert!(Instant::now() < deadline, "{}", self.log());
            sleep(Duration::from_millis(20));
        }
        true
    }

    /// Ends it at once, as a crash does, and starts it again after a while.
    pub(crate) fn restart(&mut self, after: Duration) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        sleep(after);
        for _ in 0..CHOICES {
            self.process = Self::spawn(&self.config, &self.log);
            if self.runs(2) {
                return;
            }
            // Somebody has one of its ports for a moment.
            sleep(Duration::from_millis(500));
        }
        panic!("{}", self.log());
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
    /// To be kept: it ends when nobody hears what it says.
    _says: BufReader<ChildStdout>,
    pub(crate) port: u16,
}

impl OpensslServer {
    pub(crate) fn start(authority: &Authority, server: &str, more: &[&str]) -> Self {
        let mut process = Command::new("openssl")
            .current_dir(&authority.folder)
            .args(["s_server", "-accept", "127.0.0.1:0"])
            .args([
                "-cert",
                &format!("{server}.pem"),
                "-key",
                &format!("{server}.key"),
            ])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl");
        let mut says = BufReader::new(process.stdout.take().unwrap());
        // It listens when it tells where: "ACCEPT 127.0.0.1:12345".
        let mut line = String::new();
        let port = loop {
            line.clear();
            assert_ne!(says.read_line(&mut line).unwrap(), 0, "openssl has ended");
            if let Some(port) = line.trim().strip_prefix("ACCEPT 127.0.0.1:") {
                break port.parse().unwrap();
            }
        };
        Self {
            process,
            _says: says,
            port,
        }
    }
}

impl Drop for OpensslServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
