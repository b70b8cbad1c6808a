//! The folder of finished files, each with its compressed twins.

use crate::process::step;
use anyhow::Result;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// Sixteen digits that change with the content.
pub fn hash(parts: &[&[u8]]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.len().to_le_bytes());
        sha.update(part);
    }
    hex::encode(&sha.finalize()[..8])
}

pub struct Folder {
    path: PathBuf,
    names: BTreeSet<String>,
}

/// Lengths of one file in bytes.
pub struct Sizes {
    pub raw: u64,
    pub brotli: u64,
}

impl Folder {
    pub fn open(path: PathBuf) -> Result<Self> {
        fs::create_dir_all(&path)?;
        Ok(Self { path, names: BTreeSet::new() })
    }

    /// Adds a file whose name tells its content: what is there already is right.
    pub fn put(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let twins = [name.to_owned(), format!("{name}.br"), format!("{name}.gz")];
        let [raw, brotli, gzip] = twins.each_ref().map(|name| self.path.join(name));
        if ![&raw, &brotli, &gzip].iter().all(|file| file.exists()) {
            step(&format!("压缩 {name}"), || {
                write(&brotli, &to_brotli(content)?)?;
                write(&gzip, &to_gzip(content)?)?;
                write(&raw, content)
            })?;
        }
        self.names.extend(twins);
        Ok(())
    }

    /// Removes files of earlier builds.
    pub fn remove_others(&self) -> Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if !self.names.contains(entry.file_name().to_string_lossy().as_ref()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// The sizes of all files with one ending, together.
    pub fn sizes(&self, ending: &str) -> Result<Sizes> {
        let total = |ending: &str| -> Result<u64> {
            let names = self.names.iter().filter(|name| name.ends_with(ending));
            let lengths = names.map(|name| Ok(fs::metadata(self.path.join(name))?.len()));
            lengths.sum()
        };
        Ok(Sizes { raw: total(ending)?, brotli: total(&format!("{ending}.br"))? })
    }
}

/// Writes beside and renames, so that a file that is there is always whole.
fn write(path: &Path, content: &[u8]) -> Result<()> {
    let part = path.with_added_extension("part");
    fs::write(&part, content)?;
    Ok(fs::rename(part, path)?)
}

fn to_brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let params =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: content.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*content, &mut compressed, &params)?;
    Ok(compressed)
}

fn to_gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::{Folder, hash};
    use std::fs;

    #[test]
    fn another_content_has_another_name() {
        assert_eq!(hash(&[b"a", b"b"]), hash(&[b"a", b"b"]));
        assert_ne!(hash(&[b"a", b"b"]), hash(&[b"ab", b""]));
    }

    #[test]
    fn keeps_the_current_files_with_their_twins_and_removes_the_rest() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("old.css"), "x").unwrap();
        let mut folder = Folder::open(place.path().to_owned()).unwrap();
        folder.put("new.css", &[b'x'; 1000]).unwrap();
        folder.remove_others().unwrap();

        let mut names: Vec<_> = fs::read_dir(place.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["new.css", "new.css.br", "new.css.gz"]);
        let sizes = folder.sizes(".css").unwrap();
        assert_eq!(sizes.raw, 1000);
        assert!(sizes.brotli < 100);
    }
}
