//! The mark in the foot of the sheet: where what was typed is.

use super::Keeper;
use leptos::prelude::document;

pub enum Mark {
    Unsaved,
    Saving,
    Saved(String),
    /// Saved at this time but for the items that are marked.
    Partly(String),
    /// Both places say the same again.
    Same,
    Differs,
    SignedOut,
    TooOften(u32),
    Refused(String),
    Silent,
    Unreachable,
}

pub fn say(keeper: &Keeper, mark: &Mark) {
    let device = if keeper.on_device.get() {
        "已存本机"
    } else {
        "本机也无法保存（存储已满或被禁用），请不要关闭本页"
    };
    let (class, glyph, words) = match mark {
        Mark::Unsaved if keeper.on_device.get() => ("saved warn", "○", "未保存".to_owned()),
        Mark::Unsaved => ("saved warn", "○", format!("未保存，{device}")),
        Mark::Saving => ("saved", "◐", "正在保存".to_owned()),
        Mark::Saved(time) => ("saved good", "●", format!("已保存 {time}")),
        Mark::Same => ("saved good", "●", "与已保存的一致".to_owned()),
        Mark::Partly(time) => ("saved bad", "✕", format!("其余已保存 {time}，标红的项有误，未保存")),
        Mark::Differs => ("saved bad", "✕", "已在别处更新，请逐项选定".to_owned()),
        Mark::SignedOut => ("saved bad", "✕", format!("登录已失效，未保存，{device}。")),
        Mark::TooOften(seconds) => {
            ("saved warn", "▲", format!("请求过于频繁，未保存，{device}；{seconds} 秒后自动再存"))
        }
        Mark::Refused(why) => ("saved bad", "✕", format!("未保存，{device}：{why}")),
        Mark::Silent => ("saved warn", "▲", format!("服务器 10 秒没有答复，未保存，{device}；自动再存")),
        Mark::Unreachable => ("saved warn", "▲", format!("网络中断，未保存，{device}；恢复后自动补存")),
    };
    let Some(element) = keeper.form.query_selector(".saved").ok().flatten() else { return };
    element.set_class_name(class);
    element.set_text_content(Some(&format!("{glyph} {words}")));
    if matches!(mark, Mark::SignedOut)
        && let Ok(link) = document().create_element("a")
    {
        let _ = link.set_attribute("href", &keeper.plan.sign_in);
        link.set_text_content(Some("重新登录，回到本页"));
        let _ = element.append_child(&link);
    }
}
