//! Physical constraints: which port goes to which pin, in the words of the family's place and route.

use crate::{
    board::{Active, Board},
    family::fill_one,
};
use hopgate_model::{Error, ErrorKind, Result};

impl Board {
    /// The name of the reset button's port, if there is a button: `reset_n` is low when pressed, `reset` high.
    pub fn reset_port(&self) -> Option<&'static str> {
        self.reset.as_ref().map(|reset| match reset.active {
            Active::Low => "reset_n",
            Active::High => "reset",
        })
    }

    /// The pin of one bit of a port of the top module, or none.
    pub fn pin(&self, port: &str, bit: usize) -> Option<&str> {
        let pin = match port {
            "clock" => &self.clock.pin,
            "rx" => &self.uart.rx,
            "tx" => &self.uart.tx,
            "led" => return self.leds.pins.get(bit).map(String::as_str),
            "high" => return self.hold.high.get(bit).map(String::as_str),
            _ if Some(port) == self.reset_port() => &self.reset.as_ref()?.pin,
            _ => self.spi.as_ref()?.pins().into_iter().find(|(known, _)| *known == port)?.1,
        };
        (bit == 0).then_some(pin.as_str())
    }

    /// The electrical standard of a port; empty where the family takes it from its supply.
    fn io_of(&self, port: &str) -> &str {
        let own = match port {
            "led" => self.leds.io.as_deref(),
            _ if Some(port) == self.reset_port() => self.reset.as_ref().and_then(|reset| reset.io.as_deref()),
            _ => None,
        };
        own.or(self.io.as_deref()).unwrap_or_default()
    }

    /// The ports that have pins, with their widths in bits; those of SPI apart, which take the place of `rx` and `tx`.
    pub fn ports(&self) -> Vec<(&'static str, usize)> {
        let single = ["clock"].into_iter().chain(self.reset_port()).chain(["rx", "tx"]).map(|port| (port, 1));
        let wide = [("led", self.leds.pins.len()), ("high", self.hold.high.len())];
        single.chain(wide.into_iter().filter(|(_, width)| *width > 0)).collect()
    }

    /// The physical constraints of a top module with these ports (name and width), in the format of the family.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for a port, or a bit of one, that the board has no pin for.
    pub fn constraints<'p>(&self, ports: impl IntoIterator<Item = (&'p str, usize)>) -> Result<String> {
        let file = &self.family.data().constraints;
        let mut text = format!("{} {}; made from the board's .toml by hopgate\n", file.comment, self.title);
        for (port, width) in ports {
            let pull = pull(port);
            let pull = file.pulls.get(pull).map_or(pull, String::as_str);
            for bit in 0..width {
                let Some(pin) = self.pin(port, bit) else {
                    let has: Vec<_> = self.ports().iter().map(|(p, w)| format!("{p} ({w})")).collect();
                    return Err(Error::new(
                        ErrorKind::Value,
                        format!("the board {} has no pin for bit {bit} of port {port:?} of the top module", self.name),
                    )
                    .hint(format!("its ports, with their widths, are {}", has.join(", "))));
                };
                // a bus of one bit is a plain name, as in the netlist
                let index = if width == 1 { String::new() } else { format!("[{bit}]") };
                let (io, port) = (self.io_of(port), format!("{port}{index}"));
                text += &fill_one(&file.pin, &[("port", &port), ("pin", pin), ("io", io), ("pull", pull)]);
            }
        }
        Ok(text)
    }
}

/// The resistor of a pin: an open button or serial line must read as not pressed, or idle.
fn pull(port: &str) -> &'static str {
    match port {
        "reset_n" | "rx" | "cs_n" => "UP",
        "reset" | "sck" => "DOWN",
        _ => "NONE",
    }
}
