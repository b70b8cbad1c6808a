use super::*;

fn like(left: &str, right: &str) -> Option<Likeness> {
    let (a, b) = (Unit::new(left), Unit::new(right));
    let found = a.likeness(&b);
    assert_eq!(found, b.likeness(&a), "{left} and {right} the other way round");
    if found.is_some() {
        let shared = a.index_keys().iter().any(|key| b.index_keys().contains(key));
        assert!(shared, "an index would not find {left} by {right}");
    }
    found
}

#[test]
fn what_differs_in_writing_only_is_the_same() {
    for (left, right) in [
        ("示例大学", "示 例 大 學"),
        ("西部（集团）有限公司", "西部(集团)有限公司"),
        ("ABC科技有限公司", "ａｂｃ科技有限公司"),
    ] {
        assert_eq!(like(left, right), Some(Likeness::Same), "{left} {right}");
    }
}

#[test]
fn what_is_nearly_the_same_says_why() {
    let near = [
        ("示例大学材料学院", "示例大学", Why::Part),
        ("兰州大学信息科学与工程学院", "兰州大学", Why::Part),
        ("兰州大学第一医院", "兰州大学", Why::Part),
        ("示例大学材料科学系", "示例大学化工学院", Why::Part),
        ("甘肃省示例大学材料学院", "示例大学", Why::Part),
        ("示例大学出版社有限公司", "示例大学", Why::Part),
        ("中国科学院近代物理研究所加速器室", "中国科学院近代物理研究所", Why::Part),
        ("示例西部有限公司技术中心", "示例西部有限责任公司", Why::Part),
        ("示例西部集团有限公司兰州分公司", "示例西部集团有限公司", Why::Part),
        ("示例西部有限公司", "示例西部有限责任公司", Why::Form),
        ("示例西部股份有限公司", "示例西部有限公司", Why::Form),
        ("示例西部有限公司（自然人投资或控股）", "示例西部有限公司", Why::Form),
        ("示例西部（集团）有限公司", "示例西部集团有限公司", Why::Form),
        ("示例（甘肃）新材料有限公司", "示例甘肃新材料有限公司", Why::Form),
        ("新名材料有限公司（原：旧名材料有限公司）", "旧名材料有限公司", Why::Former),
        ("新名材料有限公司(曾用名 旧名材料有限公司)", "旧名材料有限公司", Why::Former),
        ("甘肃示例新材料有限公司", "示例新材料有限公司", Why::Region),
        ("甘肃省兰州市示例新材料有限公司", "兰州示例新材料有限公司", Why::Region),
        ("甘肃省示例研究院", "示例研究院", Why::Region),
        ("省示例科学研究院", "甘肃省示例科学研究院", Why::Form),
    ];
    for (left, right, why) in near {
        assert_eq!(like(left, right), Some(Likeness::Near(why)), "{left} {right}");
    }
}

#[test]
fn other_units_stay_others() {
    for (left, right) in [
        ("兰州理工大学", "兰州大学"),
        ("兰州大学", "西北大学"),
        ("兰州市第一人民医院", "天水市第一人民医院"),
        ("甘肃省第一人民医院", "兰州市第一人民医院"),
        ("中国科学院近代物理研究所", "中国科学院兰州化学物理研究所"),
        ("兰州甲新材料有限公司", "兰州乙新材料有限公司"),
        ("示例材料有限公司", "示例化工有限公司"),
        ("甘肃农业大学", "甘肃中医药大学"),
        ("单位1", "单位10"),
        ("兰州大学", "甘肃大学"),
        ("示例研究院", ""),
        ("陕西省工业和信息化厅", "甘肃省工业和信息化厅"),
    ] {
        assert_eq!(like(left, right), None, "{left} {right}");
    }
}

#[test]
fn departments_have_the_employer_of_their_unit_and_hospitals_their_own() {
    let employer = |name: &str| Unit::new(name).employer();
    for name in ["示例大学材料学院", "示例大学", "示例大学材料学院粉末冶金系", "示例大学（本部）"]
    {
        assert_eq!(employer(name), "示例大学", "{name}");
    }
    assert_ne!(employer("兰州大学第一医院"), employer("兰州大学"));
    assert_ne!(employer("中国科学院近代物理研究所"), employer("中国科学院兰州化学物理研究所"));
    assert_eq!(employer("中国科学院近代物理研究所加速器室"), employer("中国科学院近代物理研究所"));
    assert_eq!(employer("示例西部有限公司"), employer("示例西部有限责任公司"));
}
