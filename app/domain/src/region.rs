//! 推荐单位: 14 市州 and 兰州新区.

crate::coded! {
    /// 推荐单位. Keys are the GB/T 2260 codes; 兰州新区 has none there and gets a local key.
    Recommender {
        Lanzhou = "620100", "兰州市";
        Jiayuguan = "620200", "嘉峪关市";
        Jinchang = "620300", "金昌市";
        Baiyin = "620400", "白银市";
        Tianshui = "620500", "天水市";
        Wuwei = "620600", "武威市";
        Zhangye = "620700", "张掖市";
        Pingliang = "620800", "平凉市";
        Jiuquan = "620900", "酒泉市";
        Qingyang = "621000", "庆阳市";
        Dingxi = "621100", "定西市";
        Longnan = "621200", "陇南市";
        Linxia = "622900", "临夏回族自治州";
        Gannan = "623000", "甘南藏族自治州";
        NewArea = "GS-LZXQ", "兰州新区";
    }
}

impl Recommender {
    /// Reads what reports write: the full name, the name without 市 or 州, or with an office's name behind it.
    pub fn from_text(text: &str) -> Option<Self> {
        let text = crate::text::name_key(text);
        if text.contains("兰州新区") {
            return Some(Self::NewArea);
        }
        Self::ALL.iter().copied().find(|r| text == r.key() || text.starts_with(r.stem()))
    }

    const fn stem(self) -> &'static str {
        match self {
            Self::Lanzhou => "兰州",
            Self::Jiayuguan => "嘉峪关",
            Self::Jinchang => "金昌",
            Self::Baiyin => "白银",
            Self::Tianshui => "天水",
            Self::Wuwei => "武威",
            Self::Zhangye => "张掖",
            Self::Pingliang => "平凉",
            Self::Jiuquan => "酒泉",
            Self::Qingyang => "庆阳",
            Self::Dingxi => "定西",
            Self::Longnan => "陇南",
            Self::Linxia => "临夏",
            Self::Gannan => "甘南",
            Self::NewArea => "兰州新区",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_and_short_names_are_recognised() {
        assert_eq!(Recommender::from_text("白银市工信局"), Some(Recommender::Baiyin));
        assert_eq!(Recommender::from_text(" 兰州新区经发局"), Some(Recommender::NewArea));
        assert_eq!(Recommender::from_text("临夏州"), Some(Recommender::Linxia));
        assert_eq!(Recommender::from_text("西安市"), None);
        assert_eq!(Recommender::ALL.len(), 15);
    }
}
