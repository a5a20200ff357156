//! A terminal that is put back as it was, whatever happens.

use super::canvas::{Canvas, Colour};
use crossterm::{
    cursor, event, execute, queue,
    style::{Color, Print, ResetColor, SetBackgroundColor, SetForegroundColor},
    terminal,
};
use hopgate_model::{Error, ErrorKind, Result};
use std::{
    io::{self, Write as _},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// Whether the terminal is ours now.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Puts the terminal back, if it was taken; for handlers of signals and panics too.
pub fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(io::stdout(), ResetColor, cursor::Show, terminal::LeaveAlternateScreen);
        let _ = terminal::disable_raw_mode();
    }
}

/// The terminal, taken for as long as this lives.
pub struct Screen {
    last: Option<Canvas>,
}

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// More noise, or less.
    Noise(i32),
    /// The next pattern, or the one before.
    Pattern(i32),
    /// Other noise.
    Again,
    /// No more.
    Quit,
    /// The terminal has another size.
    Resized,
}

impl Screen {
    /// Takes the terminal.
    pub fn take() -> Result<Screen> {
        let failed = |e: io::Error| Error::new(ErrorKind::Io, format!("cannot use the terminal: {e}")).because(e);
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            restore();
            hook(info);
        }));
        TAKEN.store(true, Ordering::SeqCst);
        let screen = Screen { last: None };
        terminal::enable_raw_mode().map_err(failed)?;
        execute!(io::stdout(), terminal::EnterAlternateScreen, cursor::Hide).map_err(failed)?;
        Ok(screen)
    }

    /// Columns and rows.
    pub fn size(&self) -> (usize, usize) {
        terminal::size().map_or((80, 24), |(c, r)| (usize::from(c), usize::from(r)))
    }

    /// Draws, if that changes anything.
    pub fn draw(&mut self, canvas: &Canvas) -> Result<()> {
        if self.last.as_ref() == Some(canvas) {
            return Ok(());
        }
        self.paint(canvas).map_err(|e| Error::new(ErrorKind::Io, format!("cannot draw: {e}")).because(e))?;
        self.last = Some(canvas.clone());
        Ok(())
    }

    fn paint(&self, canvas: &Canvas) -> io::Result<()> {
        let (columns, rows) = self.size();
        let colour = |(r, g, b): Colour| Color::Rgb { r, g, b };
        let mut out = io::BufWriter::new(io::stdout().lock());
        queue!(out, ResetColor, terminal::Clear(terminal::ClearType::All))?;
        for (r, row) in canvas.rows().enumerate().take(rows) {
            queue!(out, cursor::MoveTo(0, r as u16))?;
            for cell in row.iter().take(columns) {
                queue!(out, SetForegroundColor(colour(cell.fore)), SetBackgroundColor(colour(cell.back)))?;
                queue!(out, Print(cell.character))?;
            }
        }
        queue!(out, ResetColor)?;
        out.flush()
    }

    /// Waits at most this long for a key that means something.
    pub fn key(&mut self, wait: Duration) -> Result<Option<Key>> {
        use event::{Event, KeyCode, KeyEventKind, KeyModifiers};
        let failed = |e: io::Error| Error::new(ErrorKind::Io, format!("cannot read the keyboard: {e}")).because(e);
        if !event::poll(wait).map_err(failed)? {
            return Ok(None);
        }
        let key = match event::read().map_err(failed)? {
            Event::Key(key) if key.kind == KeyEventKind::Press => key,
            Event::Resize(..) => {
                self.last = None;
                return Ok(Some(Key::Resized));
            }
            _ => return Ok(None),
        };
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        Ok(match key.code {
            // in raw mode Ctrl-C is a key
            KeyCode::Char('c') if control => Some(Key::Quit),
            KeyCode::Char('q') | KeyCode::Esc => Some(Key::Quit),
            KeyCode::Char('n' | '+') | KeyCode::Up => Some(Key::Noise(1)),
            KeyCode::Char('N' | '-') | KeyCode::Down => Some(Key::Noise(-1)),
            KeyCode::Char(' ') | KeyCode::Right => Some(Key::Pattern(1)),
            KeyCode::Left | KeyCode::Backspace => Some(Key::Pattern(-1)),
            KeyCode::Char('r') => Some(Key::Again),
            _ => None,
        })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}
