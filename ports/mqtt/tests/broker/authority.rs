//! Certificates, made on the spot by openssl.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use port_mqtt::tls::PrivateKey;

/// A new, empty folder.
pub(crate) fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "port-mqtt-{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let folder = std::env::temp_dir().join(name);
    // An earlier process may have had the number, and been killed.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn openssl(folder: &Path, words: &[&str]) {
    let output = Command::new("openssl")
        .current_dir(folder)
        .args(words)
        .output()
        .expect("openssl");
    assert!(
        output.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Somebody who vouches for others, with a folder for what is made.
pub(crate) struct Authority {
    pub(crate) folder: PathBuf,
}

/// What a certificate is for.
pub(crate) const SERVER: &str =
    "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:broker.test,IP:127.0.0.1\n";
pub(crate) const CLIENT: &str = "extendedKeyUsage=clientAuth\nsubjectAltName=DNS:broker.test\n";
pub(crate) const ISSUER: &str = "basicConstraints=critical,CA:TRUE\n";

impl Authority {
    pub(crate) fn new() -> Self {
        Self::named("Test authority")
    }

    pub(crate) fn named(name: &str) -> Self {
        let authority = Self { folder: folder() };
        authority.key("ca");
        openssl(
            &authority.folder,
            &[
                "req",
                "-x509",
                "-new",
                "-key",
                "ca.key",
                "-out",
                "ca.pem",
                "-days",
                "30",
                "-subj",
                &format!("/CN={name}"),
                "-addext",
                "basicConstraints=critical,CA:TRUE",
            ],
        );
        authority.der("ca");
        authority
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    fn key(&self, name: &str) {
        let key = format!("{name}.key");
        openssl(
            &self.folder,
            &[
                "ecparam",
                "-name",
                "prime256v1",
                "-genkey",
                "-noout",
                "-out",
                &key,
            ],
        );
    }

    fn der(&self, name: &str) {
        let (pem, der) = (format!("{name}.pem"), format!("{name}.der"));
        openssl(
            &self.folder,
            &["x509", "-in", &pem, "-outform", "DER", "-out", &der],
        );
    }

    /// Makes a key and a certificate for it, signed by `by`.
    pub(crate) fn issue_by(&self, by: &str, name: &str, extensions: &str) {
        self.key(name);
        let file = |kind: &str| format!("{name}.{kind}");
        fs::write(self.folder.join(file("ext")), extensions).unwrap();
        let subject = format!("/CN={name}");
        openssl(
            &self.folder,
            &[
                "req",
                "-new",
                "-key",
                &file("key"),
                "-out",
                &file("csr"),
                "-subj",
                &subject,
            ],
        );
        let (issuer, issuer_key) = (format!("{by}.pem"), format!("{by}.key"));
        openssl(
            &self.folder,
            &[
                "x509",
                "-req",
                "-in",
                &file("csr"),
                "-CA",
                &issuer,
                "-CAkey",
                &issuer_key,
                "-CAcreateserial",
                "-days",
                "30",
                "-extfile",
                &file("ext"),
                "-out",
                &file("pem"),
            ],
        );
        self.der(name);
    }

    pub(crate) fn issue(&self, name: &str, extensions: &str) {
        self.issue_by("ca", name, extensions);
    }

    pub(crate) fn certificate(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(format!("{name}.der"))).unwrap()
    }

    /// The 32 bytes of a key.
    pub(crate) fn key_bytes(&self, name: &str) -> Vec<u8> {
        let (key, der) = (format!("{name}.key"), format!("{name}.key.der"));
        openssl(
            &self.folder,
            &["ec", "-in", &key, "-outform", "DER", "-out", &der],
        );
        // RFC 5915: a sequence of version 1 and the octets.
        fs::read(self.folder.join(der)).unwrap()[7..39].to_vec()
    }

    pub(crate) fn private_key(&self, name: &str) -> PrivateKey {
        PrivateKey::new(&self.key_bytes(name)).unwrap()
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
