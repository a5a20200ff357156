//! What the system knows of USB devices, without opening any.

use hopgate_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::{
    fmt, fs,
    path::{Path, PathBuf},
    str::FromStr,
};

/// Where Linux lists them.
pub const DEVICES: &str = "/sys/bus/usb/devices";

/// Vendor and product, as lsusb prints them.
///
/// ```
/// let id: hopgate_eda::usb::UsbId = "0403:6010".parse()?;
/// assert_eq!((id.vendor, id.to_string().as_str()), (0x403, "0403:6010"));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UsbId {
    /// The vendor.
    pub vendor: u16,
    /// The product.
    pub product: u16,
}

impl FromStr for UsbId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = |digits: &str| match digits.len() {
            4 => u16::from_str_radix(digits, 16).ok(),
            _ => None,
        };
        let both = text.split_once(':').and_then(|(v, p)| Some((number(v)?, number(p)?)));
        let (vendor, product) = both.ok_or_else(|| {
            Error::new(
                ErrorKind::Format,
                format!("{text:?} is no USB device: it must be like \"0403:6010\", as lsusb prints it"),
            )
        })?;
        Ok(UsbId { vendor, product })
    }
}

impl TryFrom<String> for UsbId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<UsbId> for String {
    fn from(id: UsbId) -> String {
        id.to_string()
    }
}

impl fmt::Display for UsbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor, self.product)
    }
}

/// What is to be seen of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It is there, and this user may open it.
    Open,
    /// It is there, but this user may not open the file.
    Forbidden(PathBuf),
    /// It is not plugged in.
    Absent,
    /// The system does not say.
    Unknown,
}

/// Looks for a device in the system's list.
pub fn look(devices: &Path, id: UsbId) -> Seen {
    let Ok(entries) = fs::read_dir(devices) else { return Seen::Unknown };
    let text = |folder: &Path, name: &str| fs::read_to_string(folder.join(name)).map(|t| t.trim().to_owned()).ok();
    let is = |folder: &Path| {
        let found = Some(format!("{}:{}", text(folder, "idVendor")?, text(folder, "idProduct")?));
        (found? == id.to_string()).then_some(())
    };
    let mut folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let Some(folder) = folders.find(|folder| is(folder).is_some()) else { return Seen::Absent };
    let number = |name: &str| text(&folder, name)?.parse::<u32>().ok();
    let (Some(bus), Some(device)) = (number("busnum"), number("devnum")) else { return Seen::Unknown };
    let node = PathBuf::from(format!("/dev/bus/usb/{bus:03}/{device:03}"));
    match fs::OpenOptions::new().read(true).write(true).open(&node) {
        Ok(_) => Seen::Open,
        Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => Seen::Forbidden(node),
        Err(_) => Seen::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_found_by_its_numbers() {
        let list = tempfile::tempdir().unwrap();
        let id: UsbId = "0403:6010".parse().unwrap();
        assert_eq!(look(&list.path().join("none"), id), Seen::Unknown);
        assert_eq!(look(list.path(), id), Seen::Absent);
        let device = list.path().join("1-2");
        fs::create_dir(&device).unwrap();
        for (name, text) in [("idVendor", "0403\n"), ("idProduct", "6010\n"), ("busnum", "99\n"), ("devnum", "123\n")] {
            fs::write(device.join(name), text).unwrap();
        }
        // there is no such file in /dev: a container, say
        assert_eq!(look(list.path(), id), Seen::Unknown);
        assert_eq!(look(list.path(), "0403:6014".parse().unwrap()), Seen::Absent);
        for bad in ["", "403:6010", "0403-6010", "0403:60100", "wxyz:0000"] {
            assert!(bad.parse::<UsbId>().is_err(), "{bad}");
        }
    }
}
