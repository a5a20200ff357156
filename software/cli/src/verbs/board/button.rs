//! The reset button of a virtual board: a signal presses it.

use crate::ui::Ui;
use hopgate_host::terminal::ByteDevice;
use hopgate_model::{Error, ErrorKind, Result};
use signal_hook::{consts::SIGUSR1, flag};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// A device with a button.
pub struct Button<'a, D> {
    device: D,
    pressed: Arc<AtomicBool>,
    ui: &'a Ui,
}

impl<'a, D: ByteDevice> Button<'a, D> {
    /// From now on SIGUSR1 presses it.
    pub fn on(device: D, ui: &'a Ui) -> Result<Self> {
        let pressed = Arc::new(AtomicBool::new(false));
        flag::register(SIGUSR1, pressed.clone())
            .map_err(|e| Error::new(ErrorKind::Io, format!("cannot listen for SIGUSR1: {e}")).because(e))?;
        Ok(Button { device, pressed, ui })
    }
}

impl<D: ByteDevice> ByteDevice for Button<'_, D> {
    fn exchange(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<bool> {
        if self.pressed.swap(false, Ordering::Relaxed) {
            self.press_reset();
            self.ui.note("the reset button was pressed");
        }
        self.device.exchange(bytes, out)
    }

    fn press_reset(&mut self) {
        self.device.press_reset();
    }
}
