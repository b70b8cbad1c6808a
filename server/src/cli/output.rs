//! Writing a result: whole or not at all.

use super::{Failure, folder, unwritable};
use serde::Serialize;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes `value` as JSON into a temporary file beside `path`, makes it durable, and renames it into place. A reader sees
/// the old file or the new one, never a part.
///
/// # Errors
/// `Broken` if the folder cannot be written; the old file stays then.
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), Failure> {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let temporary = folder(path).join(format!(".{name}.{}.tmp", std::process::id()));
    let written = write_durably(&temporary, value).and_then(|()| std::fs::rename(&temporary, path));
    written.map_err(|error| {
        // A file that failed to be written may not be there to be removed.
        let _ = std::fs::remove_file(&temporary);
        unwritable(path, &error)
    })
}

fn write_durably<T: Serialize>(path: &Path, value: &T) -> std::io::Result<()> {
    let mut writer = BufWriter::new(File::create(path)?);
    serde_json::to_writer_pretty(&mut writer, value)?;
    writer.write_all(b"\n")?;
    writer.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
}
