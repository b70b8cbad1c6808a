//! Regions before a name: 甘肃省兰州市…, 省…, 兰州….

use std::collections::BTreeSet;

macro_rules! regions {
    ($($variant:ident = $label:literal, [$($form:literal),+];)+) => {
        /// A province, or a prefecture of Gansu.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Region { $($variant,)+ }

        impl Region {
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }

        /// How it is written, the longest form first.
        const FORMS: &[(Region, &[&str])] = &[$((Region::$variant, &[$($form),+]),)+];
    };
}

regions! {
    LanzhouNewArea = "兰州新区", ["兰州新区"];
    Gansu = "甘肃", ["甘肃省", "甘肃"];
    Lanzhou = "兰州", ["兰州市", "兰州"];
    Jiayuguan = "嘉峪关", ["嘉峪关市", "嘉峪关"];
    Jinchang = "金昌", ["金昌市", "金昌"];
    Baiyin = "白银", ["白银市", "白银"];
    Tianshui = "天水", ["天水市", "天水"];
    Wuwei = "武威", ["武威市", "武威"];
    Zhangye = "张掖", ["张掖市", "张掖"];
    Pingliang = "平凉", ["平凉市", "平凉"];
    Jiuquan = "酒泉", ["酒泉市", "酒泉"];
    Qingyang = "庆阳", ["庆阳市", "庆阳"];
    Dingxi = "定西", ["定西市", "定西"];
    Longnan = "陇南", ["陇南市", "陇南"];
    Linxia = "临夏", ["临夏回族自治州", "临夏州", "临夏"];
    Gannan = "甘南", ["甘南藏族自治州", "甘南州", "甘南"];
    Beijing = "北京", ["北京市", "北京"];
    Tianjin = "天津", ["天津市", "天津"];
    Hebei = "河北", ["河北省", "河北"];
    Shanxi = "山西", ["山西省", "山西"];
    InnerMongolia = "内蒙古", ["内蒙古自治区", "内蒙古"];
    Liaoning = "辽宁", ["辽宁省", "辽宁"];
    Jilin = "吉林", ["吉林省", "吉林"];
    Heilongjiang = "黑龙江", ["黑龙江省", "黑龙江"];
    Shanghai = "上海", ["上海市", "上海"];
    Jiangsu = "江苏", ["江苏省", "江苏"];
    Zhejiang = "浙江", ["浙江省", "浙江"];
    Anhui = "安徽", ["安徽省", "安徽"];
    Fujian = "福建", ["福建省", "福建"];
    Jiangxi = "江西", ["江西省", "江西"];
    Shandong = "山东", ["山东省", "山东"];
    Henan = "河南", ["河南省", "河南"];
    Hubei = "湖北", ["湖北省", "湖北"];
    Hunan = "湖南", ["湖南省", "湖南"];
    Guangdong = "广东", ["广东省", "广东"];
    Guangxi = "广西", ["广西壮族自治区", "广西"];
    Hainan = "海南", ["海南省", "海南"];
    Chongqing = "重庆", ["重庆市", "重庆"];
    Sichuan = "四川", ["四川省", "四川"];
    Guizhou = "贵州", ["贵州省", "贵州"];
    Yunnan = "云南", ["云南省", "云南"];
    Tibet = "西藏", ["西藏自治区", "西藏"];
    Shaanxi = "陕西", ["陕西省", "陕西"];
    Qinghai = "青海", ["青海省", "青海"];
    Ningxia = "宁夏", ["宁夏回族自治区", "宁夏"];
    Xinjiang = "新疆", ["新疆维吾尔自治区", "新疆"];
}

impl Region {
    /// One of the 14 prefectures of Gansu.
    pub const fn is_prefecture(self) -> bool {
        matches!(
            self,
            Self::Lanzhou
                | Self::Jiayuguan
                | Self::Jinchang
                | Self::Baiyin
                | Self::Tianshui
                | Self::Wuwei
                | Self::Zhangye
                | Self::Pingliang
                | Self::Jiuquan
                | Self::Qingyang
                | Self::Dingxi
                | Self::Longnan
                | Self::Linxia
                | Self::Gannan
        )
    }
}

/// Here the province needs no name: 省工信厅. It is none in a word such as 省属.
const HERE: &str = "省";

/// The regions that a name begins with, and the rest. Something always remains.
pub fn without_regions(name: &str) -> (BTreeSet<Region>, &str) {
    let mut regions = BTreeSet::new();
    let mut rest = name;
    loop {
        let found = FORMS.iter().find_map(|(region, forms)| {
            let rest = forms.iter().find_map(|form| rest.strip_prefix(form))?;
            (rest.chars().count() >= 2).then_some((*region, rest))
        });
        let here = || {
            let rest = rest
                .strip_prefix(HERE)
                .filter(|rest| rest.chars().count() >= 3 && !rest.starts_with(['属', '级', '直']));
            rest.filter(|_| regions.is_empty()).map(|rest| (Region::Gansu, rest))
        };
        let Some((region, left)) = found.or_else(here) else { return (regions, rest) };
        regions.insert(region);
        rest = left;
    }
}
