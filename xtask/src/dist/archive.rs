//! One file out of a folder: in one order, of one time and one owner.

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};
use tar::{Builder, EntryType, Header};

/// All files below a folder, sorted.
pub fn files(place: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![place.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() { open.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found.sort();
    Ok(found)
}

/// Packs the folder beside itself.
pub fn pack(place: &Path, name: &str) -> Result<PathBuf> {
    let archive = place.with_file_name(format!("{name}.tar.gz"));
    let zipped = GzBuilder::new().mtime(0).write(fs::File::create(&archive)?, Compression::best());
    let mut tar = Builder::new(zipped);
    for file in files(place)? {
        let inside = Path::new(name).join(file.strip_prefix(place)?);
        let content = fs::read(&file)?;
        let program = file.parent() == Some(place) && file.file_stem().is_some_and(|stem| stem == "hengping");
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_size(content.len() as u64);
        header.set_mode(if program { 0o755 } else { 0o644 });
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        tar.append_data(&mut header, &inside, content.as_slice())
            .with_context(|| format!("无法打包 {}", inside.display()))?;
    }
    tar.into_inner()?.finish()?.flush()?;
    Ok(archive)
}

#[cfg(test)]
mod tests {
    use super::pack;
    use std::{fs, time::Duration};

    #[test]
    fn the_same_files_make_the_same_archive_whenever_and_in_whatever_order_they_were_written() {
        let place = tempfile::tempdir().unwrap();
        let write = |folder: &str, names: [&str; 3]| {
            let folder = place.path().join(folder).join("hengping");
            fs::create_dir_all(folder.join("site")).unwrap();
            for name in names {
                fs::write(folder.join(name), name).unwrap();
                std::thread::sleep(Duration::from_millis(5));
            }
            fs::read(pack(&folder, "hengping-1").unwrap()).unwrap()
        };
        let first = write("a", ["hengping", "site/b.js", "LICENSE"]);
        std::thread::sleep(Duration::from_millis(1_100));
        assert_eq!(first, write("b", ["LICENSE", "site/b.js", "hengping"]));
    }
}
