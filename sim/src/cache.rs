//! Compiled simulations, kept for the next time.
//!
//! What Verilator and the compiler make depends on the shape of a memory, and not on its contents: those are read when a
//! bench is opened. So it is kept by the SHA-256 of everything that it is made from: a *key*. An entry is a file called by its key: the
//! SHA-256 of key and contents, then the contents. Whatever does not match its hash (it was cut short, or is another's) counts as
//! not there, and is made again.
//!
//! A library is code that will run here. So the folder belongs to the user alone, and nothing is taken from one that does not, or from a
//! file that another user owns. Entries appear under their name when they are whole, so that programs may share the folder; of too many, the
//! ones unused longest are removed. Nothing depends on the cache: where it cannot be used, everything is compiled each time.

use hopgate_files::atomic;
use rustix::{fs::OFlags, process::geteuid};
use sha2::{Digest, Sha256};
use std::{
    env,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf, absolute},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

/// The variable that names the cache's folder; `off` or nothing: there is none.
pub const VARIABLE: &str = "HOPGATE_CACHE";
/// How many bytes all entries may have.
const LIMIT: u64 = 1 << 30;
/// Hexadecimal digits of a SHA-256.
const DIGITS: usize = 64;

/// Why nothing is kept, if that is so and was not asked for.
static TROUBLE: Mutex<Option<String>> = Mutex::new(None);

/// Why compiled simulations are not kept, if that was tried and failed. Said once.
pub fn trouble() -> Option<String> {
    TROUBLE.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// What was kept under a key.
pub(crate) fn get(key: &str) -> Option<Vec<u8>> {
    usual()?.get(key)
}

/// Keeps something under a key, if possible.
pub(crate) fn put(key: &str, bytes: &[u8]) {
    let Some(cache) = usual() else { return };
    if let Err(e) = cache.put(key, bytes) {
        note(&cache.folder, &e);
    }
}

fn note(folder: &Path, why: &dyn std::fmt::Display) {
    let what = format!("compiled simulations cannot be kept in {}: {why}", folder.display());
    let text = format!("{what}; {VARIABLE} names another folder, and {VARIABLE}=off asks for none");
    TROUBLE.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
}

/// The cache of this user.
fn usual() -> Option<Cache> {
    let folder = folder()?.join("simulations");
    Cache::open(&folder).map_err(|e| note(&folder, &e)).ok()
}

/// Where this user's caches are: by the variable, or by the XDG base directory rules.
fn folder() -> Option<PathBuf> {
    if let Some(named) = env::var_os(VARIABLE) {
        return if named.is_empty() || named == "off" { None } else { absolute(named).ok() };
    }
    let of = |variable: &str| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = of("XDG_CACHE_HOME").or_else(|| Some(of("HOME")?.join(".cache")))?;
    Some(caches.join("hopgate"))
}

/// A folder of entries.
struct Cache {
    folder: PathBuf,
    limit: u64,
}

impl Cache {
    /// Opens a folder, making it and those above it where they are missing.
    fn open(folder: &Path) -> io::Result<Cache> {
        if fs::symlink_metadata(folder).is_err() {
            let above = folder.parent().unwrap_or(folder);
            // a program run by root in a user's name leaves nothing of root's in the user's home
            let home = above.ancestors().find_map(|path| fs::metadata(path).ok());
            if geteuid().is_root() && home.is_some_and(|home| home.uid() != geteuid().as_raw()) {
                return Err(io::Error::other("it would be in a folder of another user"));
            }
            DirBuilder::new().recursive(true).create(above)?;
            match DirBuilder::new().mode(0o700).create(folder) {
                Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(e),
                _ => (), // another process was faster
            }
        }
        let about = fs::symlink_metadata(folder)?;
        if !about.is_dir() || about.uid() != geteuid().as_raw() || about.mode() & 0o077 != 0 {
            return Err(io::Error::other("it is not a folder that belongs to this user alone (mode 700)"));
        }
        Ok(Cache { folder: folder.to_owned(), limit: LIMIT })
    }

    /// What was kept under a key, if it is whole.
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        let open =
            OpenOptions::new().read(true).custom_flags(OFlags::NOFOLLOW.bits() as i32).open(self.folder.join(key));
        let mut file: File = open.ok()?;
        let about = file.metadata().ok()?;
        if !about.is_file() || about.uid() != geteuid().as_raw() || about.len() > self.limit {
            return None;
        }
        let mut digest = [0; DIGITS];
        let mut bytes = Vec::new();
        file.read_exact(&mut digest).ok()?;
        file.read_to_end(&mut bytes).ok()?;
        if digest != *sign(key, &bytes).as_bytes() {
            return None;
        }
        // when it was used last; of no consequence where that cannot be said
        let _ = file.set_modified(SystemTime::now());
        Some(bytes)
    }

    fn put(&self, key: &str, bytes: &[u8]) -> hopgate_model::Result<()> {
        let entry = [sign(key, bytes).as_bytes(), bytes].concat();
        atomic::write(&self.folder.join(key), &entry)?;
        self.evict();
        Ok(())
    }

    /// Removes the entries unused longest, as many as there are too many. What cannot be removed does no harm.
    fn evict(&self) {
        let entry = |file: fs::DirEntry| {
            let about = file.metadata().ok().filter(|_| file.file_name().len() == DIGITS)?;
            Some((about.modified().ok()?, about.len(), file.path()))
        };
        let mut entries: Vec<_> =
            fs::read_dir(&self.folder).into_iter().flatten().flatten().filter_map(entry).collect();
        let mut size: u64 = entries.iter().map(|(_, size, _)| size).sum();
        entries.sort();
        for (_, freed, path) in entries {
            if size <= self.limit {
                break;
            }
            let _ = fs::remove_file(path);
            size -= freed;
        }
    }
}

/// The SHA-256 of an entry: of its key too, so that no entry passes for another.
fn sign(key: &str, bytes: &[u8]) -> String {
    Key::new().part(key.as_bytes()).part(bytes).digits()
}

/// The name of an entry: a SHA-256 of parts, which are told apart.
pub(crate) struct Key(Sha256);

impl Key {
    pub(crate) fn new() -> Key {
        Key(Sha256::new())
    }

    pub(crate) fn part(mut self, bytes: &[u8]) -> Key {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn digits(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{os::unix::fs::PermissionsExt, time::Duration};

    fn key(name: &str) -> String {
        Key::new().part(name.as_bytes()).digits()
    }

    fn cache(home: &tempfile::TempDir) -> Cache {
        Cache::open(&home.path().join("a/b")).unwrap()
    }

    #[test]
    fn what_is_kept_is_found_and_nobody_else_may_look() {
        let home = tempfile::tempdir().unwrap();
        let cache = cache(&home);
        assert_eq!(cache.get(&key("x")), None);
        cache.put(&key("x"), b"contents").unwrap();
        assert_eq!(cache.get(&key("x")).as_deref(), Some(&b"contents"[..]));
        assert_eq!(fs::metadata(&cache.folder).unwrap().mode() & 0o777, 0o700);
        // parts are told apart
        let two = |a: &str, b: &str| Key::new().part(a.as_bytes()).part(b.as_bytes()).digits();
        assert_ne!(two("ab", "c"), two("a", "bc"));
    }

    #[test]
    fn what_is_damaged_is_not_there_and_is_replaced() {
        let home = tempfile::tempdir().unwrap();
        let cache = cache(&home);
        let (key, other) = (key("x"), key("y"));
        let path = cache.folder.join(&key);
        cache.put(&key, b"contents").unwrap();
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(cache.get(&key), None, "cut to {length} bytes");
        }
        for at in 0..whole.len() {
            let mut poisoned = whole.clone();
            poisoned[at] ^= 1;
            fs::write(&path, &poisoned).unwrap();
            assert_eq!(cache.get(&key), None, "byte {at} is another");
        }
        // a whole entry under another's name
        fs::write(cache.folder.join(&other), &whole).unwrap();
        assert_eq!(cache.get(&other), None);
        // a way out of the folder
        fs::remove_file(&path).unwrap();
        fs::write(home.path().join("whole"), &whole).unwrap();
        std::os::unix::fs::symlink(home.path().join("whole"), &path).unwrap();
        assert_eq!(cache.get(&key), None);
        fs::remove_file(&path).unwrap();
        cache.put(&key, b"contents").unwrap();
        assert!(cache.get(&key).is_some());
    }

    #[test]
    fn a_folder_that_others_may_write_to_is_not_used() {
        let home = tempfile::tempdir().unwrap();
        let cache = cache(&home);
        cache.put(&key("x"), b"contents").unwrap();
        for mode in [0o770, 0o702, 0o750] {
            fs::set_permissions(&cache.folder, fs::Permissions::from_mode(mode)).unwrap();
            assert!(Cache::open(&cache.folder).is_err(), "{mode:o}");
        }
        fs::set_permissions(&cache.folder, fs::Permissions::from_mode(0o700)).unwrap();
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&cache.folder, &link).unwrap();
        assert!(Cache::open(&link).is_err());
        fs::write(home.path().join("file"), "").unwrap();
        assert!(Cache::open(&home.path().join("file")).is_err());
        assert!(Cache::open(&home.path().join("file/below")).is_err());
    }

    #[test]
    fn what_another_user_owns_is_not_used() {
        if !geteuid().is_root() {
            return; // only root can give files away
        }
        let home = tempfile::tempdir().unwrap();
        let cache = cache(&home);
        cache.put(&key("x"), b"contents").unwrap();
        std::os::unix::fs::chown(cache.folder.join(key("x")), Some(1), None).unwrap();
        assert_eq!(cache.get(&key("x")), None);
        std::os::unix::fs::chown(&cache.folder, Some(1), None).unwrap();
        assert!(Cache::open(&cache.folder).is_err());
        // nor is one made in another's home
        std::os::unix::fs::chown(home.path(), Some(1), None).unwrap();
        assert!(Cache::open(&home.path().join("new")).is_err() && !home.path().join("new").exists());
    }

    #[test]
    fn the_entries_unused_longest_make_room() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache { limit: 3 * (100 + DIGITS as u64), ..cache(&home) };
        let names: Vec<String> = (0..5).map(|i| key(&i.to_string())).collect();
        let age = |name: &String, seconds: u64| {
            let file = File::options().write(true).open(cache.folder.join(name)).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
        };
        for name in &names[..3] {
            cache.put(name, &[7; 100]).unwrap();
        }
        names[..3].iter().zip([30, 20, 10]).for_each(|(name, seconds)| age(name, seconds));
        assert!(cache.get(&names[0]).is_some(), "it was used now");
        // what is no entry is left alone, and counts for nothing
        fs::write(cache.folder.join("notes"), [0; 1000]).unwrap();
        cache.put(&names[3], &[7; 100]).unwrap();
        let there: Vec<bool> = names.iter().map(|name| cache.folder.join(name).exists()).collect();
        assert_eq!(there, [true, false, true, true, false]);
        assert!(cache.folder.join("notes").exists());
    }
}
