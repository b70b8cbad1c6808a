//! Packages of the operating system.

use crate::process::{find_program, is_root, output, run, step, succeeds};
use anyhow::{Result, bail};
use std::{fs, process::Command};

pub struct Need {
    pub what: &'static str,
    /// The name in Debian and Ubuntu.
    pub package: &'static str,
    pub present: fn() -> bool,
}

/// Installs what is missing, or says what it is and how to get it.
pub fn ensure(needs: &[Need]) -> Result<()> {
    let missing = still_missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<_> = missing.iter().map(|need| need.package).collect();
    let what: Vec<_> = missing.iter().map(|need| need.what).collect();
    let (what, names) = (what.join("、"), packages.join(" "));
    if find_program("apt-get").is_none() {
        bail!(
            "缺少：{what}。\n请用本机的软件包管理器安装后重试（在 Debian 与 Ubuntu 中的包名是：{names}），\
             并让程序在 PATH 中"
        );
    }
    let Some(root) = Privilege::find() else {
        bail!("缺少：{what}。\n请以管理员身份运行：apt-get install --no-install-recommends {names}");
    };
    step(&format!("安装 {what}"), || {
        // Lists of packages that are older than what is needed name no package, or an earlier one.
        if run(&mut root.install(&packages)).is_err() || !still_missing(needs).is_empty() {
            run(root.command("apt-get").arg("update"))?;
            run(&mut root.install(&packages))?;
        }
        Ok(())
    })?;
    if let Some(need) = still_missing(needs).first() {
        bail!("已安装软件包 {}，但仍找不到{}；请检查 PATH", need.package, need.what);
    }
    Ok(())
}

fn still_missing(needs: &[Need]) -> Vec<&Need> {
    needs.iter().filter(|need| !(need.present)()).collect()
}

enum Privilege {
    Root,
    Sudo,
}

impl Privilege {
    fn find() -> Option<Self> {
        if is_root() {
            Some(Self::Root)
        } else if succeeds(Command::new("sudo").args(["-n", "true"])) {
            Some(Self::Sudo)
        } else {
            None
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = match self {
            Self::Root => Command::new("env"),
            Self::Sudo => {
                let mut sudo = Command::new("sudo");
                sudo.args(["-n", "env"]);
                sudo
            }
        };
        command.args(["DEBIAN_FRONTEND=noninteractive", program]);
        command
    }

    fn install(&self, packages: &[&str]) -> Command {
        let mut command = self.command("apt-get");
        command.args(["install", "--yes", "--no-install-recommends"]).args(packages);
        command
    }
}

/// Whether a Chinese font is there: asked of fontconfig, or else looked for where Debian puts it.
pub fn chinese_font() -> bool {
    if find_program("fc-list").is_some() {
        return output(Command::new("fc-list").args([":lang=zh-cn", "family"]))
            .is_ok_and(|fonts| !fonts.trim().is_empty());
    }
    fs::exists("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").unwrap_or(false)
}
