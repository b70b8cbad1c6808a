//! People: several in one cell, with titles, posts and units behind their names.

use super::{Unclear, parts, unclear};
use domain::text::{is_han, normalise, without_invisible};

/// A person named in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    pub name: String,
    /// What stood behind the name: titles, posts, units in brackets.
    pub remarks: Vec<String>,
}

/// The people in one cell.
///
/// # Errors
/// The text at fault and the reason.
pub fn people(text: &str) -> Result<Vec<PersonName>, Unclear> {
    let mut people = Vec::new();
    for part in parts(text)? {
        for piece in conjoined(&part)? {
            for name in spaced(&piece)? {
                people.push(PersonName::read(&name)?);
            }
        }
    }
    Ok(people)
}

/// The person in a cell that has room for one.
///
/// # Errors
/// As [`people`], and where there are several.
pub fn person(text: &str) -> Result<PersonName, Unclear> {
    let found = people(text)?;
    let count = found.len();
    match <[PersonName; 1]>::try_from(found) {
        Ok([person]) => Ok(person),
        Err(found) if found.is_empty() => Err(unclear(text, "没有姓名")),
        Err(_) => Err(unclear(text, format!("这一格像是写了{count}个人，只能写一人"))),
    }
}

const LONG_NUMBER: usize = 6;

impl PersonName {
    fn read(text: &str) -> Result<Self, Unclear> {
        let mut name = normalise(text).trim_matches(['*', '★', '※', '#', '：', ':', '.', '。']).trim().to_owned();
        let mut remarks = Vec::new();
        while let Some((before, inside)) = trailing_bracket(&name) {
            remarks.insert(0, normalise(inside));
            name = before.trim_end().to_owned();
        }
        // 张伟1 tells two people of one name apart; a longer number is a phone or an identity card.
        let digits = without_invisible(&name).chars().filter(char::is_ascii_digit).count();
        if digits >= LONG_NUMBER {
            let hidden: String = name.chars().map(|c| if c.is_ascii_digit() { '*' } else { c }).collect();
            return Err(unclear(&hidden, "姓名中有一长串数字，请只写姓名"));
        }
        while let Some(title) = TITLES.iter().find(|title| name.ends_with(**title) && name.len() > title.len()) {
            let before = name[..name.len() - title.len()].trim_end();
            let han = before.chars().filter(|c| is_han(*c)).count();
            if han == 1 && before.chars().count() == 1 {
                // 王博士 may be a whole name; 张教授 never is one.
                if GIVEN.contains(title) {
                    break;
                }
                return Err(unclear(&name, format!("只有姓氏和称谓“{title}”，请写姓名全名")));
            }
            if han == 0 {
                break;
            }
            remarks.push((*title).to_owned());
            name = before.to_owned();
        }
        if name.is_empty() {
            return Err(unclear(text, "没有姓名"));
        }
        Ok(Self { name: closed(&name), remarks })
    }
}

/// `张 三` typed with a blank to look as wide as three characters is 张三; names of foreign script keep their blanks.
fn closed(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let keep = |at: usize| {
        let beside = |c: Option<&char>| c.is_some_and(|c| is_han(*c));
        chars[at] != ' ' || !(beside(chars.get(at.wrapping_sub(1))) || beside(chars.get(at + 1)))
    };
    (0..chars.len()).filter(|at| keep(*at)).map(|at| chars[at]).collect()
}

/// Titles and posts that stand behind names, longer ones first.
const TITLES: [&str; 44] = [
    "教授级高级工程师",
    "正高级工程师",
    "正高级会计师",
    "高级工程师",
    "高级会计师",
    "高级实验师",
    "高级技师",
    "助理研究员",
    "助理工程师",
    "特聘教授",
    "讲席教授",
    "副研究员",
    "正高工",
    "教授级高工",
    "总工程师",
    "首席专家",
    "副教授",
    "研究员",
    "工程师",
    "会计师",
    "审计师",
    "经济师",
    "实验师",
    "总经理",
    "董事长",
    "副院长",
    "副所长",
    "副主任",
    "副处长",
    "教授",
    "讲师",
    "高工",
    "总工",
    "院士",
    "博士",
    "硕士",
    "老师",
    "先生",
    "女士",
    "主任",
    "所长",
    "院长",
    "处长",
    "同志",
];

/// Titles that are given names too.
const GIVEN: [&str; 3] = ["博士", "硕士", "院士"];

/// Surnames of two characters.
const DOUBLE: [&str; 24] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "司空", "夏侯", "宇文",
    "长孙", "端木", "南宫", "独孤", "拓跋", "呼延", "西门", "申屠", "淳于", "闻人",
];

/// The surnames that nine people of ten bear.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封官谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由";

fn han_count(text: &str) -> usize {
    text.chars().filter(|c| is_han(*c)).count()
}

/// Two to four Chinese characters and nothing else.
fn is_name(text: &str) -> bool {
    text.chars().all(is_han) && (2..=4).contains(&text.chars().count())
}

fn has_surname(text: &str) -> bool {
    text.chars().next().is_some_and(|c| SURNAMES.contains(c)) || DOUBLE.iter().any(|double| text.starts_with(double))
}

/// `张三和李四`: two where each side is a name; 张和平 and 才让和加 are one.
fn conjoined(part: &str) -> Result<Vec<String>, Unclear> {
    const SHORTEST: usize = 5;
    let bare = |text: &str| trailing_bracket(text).map_or(text, |(name, _)| name).trim().to_owned();
    if part.contains(['·', '‧', '・', '•']) {
        return Ok(vec![part.to_owned()]);
    }
    for word in ["以及", "和", "及", "与", "暨", "&"] {
        for (at, _) in part.match_indices(word).filter(|(at, _)| *at > 0) {
            let (before, after) = (part[..at].trim(), part[at + word.len()..].trim());
            let (left, right) = (bare(before), bare(after));
            let long = han_count(&left) + han_count(&right) + 1 >= SHORTEST;
            if !long || !is_name(&left) || han_count(&right) < 2 {
                continue;
            }
            if has_surname(&left) && has_surname(&right) {
                let mut people = vec![before.to_owned()];
                people.extend(conjoined(after)?);
                return Ok(people);
            }
            return Err(unclear(part, format!("分不清“{word}”前后是一人还是两人，请一行写一人")));
        }
    }
    Ok(vec![part.to_owned()])
}

/// `张三 李四` are two; `张 三` and `欧阳 明华` are one; `李四 教授` has a title.
fn spaced(part: &str) -> Result<Vec<String>, Unclear> {
    let words: Vec<&str> = part.split(' ').filter(|word| !word.is_empty()).collect();
    let is_title = |word: &str| TITLES.contains(&word) || word.starts_with(['（', '(']);
    let names: Vec<&str> = words.iter().copied().filter(|word| !is_title(word)).collect();
    if names.len() < 2 || !names.iter().all(|word| word.chars().next().is_some_and(is_han)) {
        return Ok(vec![part.to_owned()]);
    }
    let single = |word: &&str| han_count(word) == 1;
    let padded = names.iter().all(single) && names.len() <= 4;
    let double = names.len() == 2 && DOUBLE.contains(&names[0]) && han_count(names[1]) <= 2;
    let short = names.len() == 2 && han_count(names[0]) + han_count(names[1]) <= 3;
    if padded || double || short {
        return Ok(vec![part.to_owned()]);
    }
    if !names.iter().all(|word| han_count(word) >= 2) {
        return Err(unclear(part, "分不清空格前后是一人还是几人，请一行写一人，姓名中不留空格"));
    }
    let mut people: Vec<String> = Vec::new();
    for word in words {
        match people.last_mut() {
            Some(last) if is_title(word) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => people.push(word.to_owned()),
        }
    }
    Ok(people)
}

fn trailing_bracket(part: &str) -> Option<(&str, &str)> {
    let inner = part.trim_end().strip_suffix(['）', ')', '】', ']'])?;
    let open = inner.rfind(['（', '(', '【', '['])?;
    let width = inner[open..].chars().next()?.len_utf8();
    Some((&inner[..open], &inner[open + width..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        people(text).unwrap().into_iter().map(|person| person.name).collect()
    }

    #[test]
    fn several_people_in_one_cell_are_told_apart() {
        for text in [
            "张三、李四",
            "张三，李四",
            "张三,李四",
            "张三 李四",
            "张三　李四",
            "张三/李四",
            "张三\n李四",
            "1.张三 2.李四",
            "①张三②李四",
            "张三和李四",
            "张三、李四；",
            "张三教授、李四博士",
            "张三（组长）、李四（示例大学）",
            "张三 教授 李四 副教授",
            "张 三、李 四",
            "张三*、李四",
        ] {
            assert_eq!(names(text), ["张三", "李四"], "{text}");
        }
    }

    #[test]
    fn one_name_stays_one() {
        for (text, name) in [
            ("张 三", "张三"),
            ("张 小 三", "张小三"),
            ("张 小三", "张小三"),
            ("阿 卜 杜 拉", "阿卜杜拉"),
            ("张小 三", "张小三"),
            ("张伟1", "张伟1"),
            ("欧阳 明华", "欧阳明华"),
            ("张和平", "张和平"),
            ("李及与", "李及与"),
            ("才让和加", "才让和加"),
            ("王博士", "王博士"),
            ("艾尔肯·示例", "艾尔肯·示例"),
            ("John Smith", "John Smith"),
            ("张三高级工程师", "张三"),
            ("张三 研究员", "张三"),
            ("张三（退休）", "张三"),
        ] {
            assert_eq!(names(text), [name], "{text}");
        }
    }

    #[test]
    fn what_is_no_full_name_or_not_clear_is_for_a_person() {
        assert!(people("张教授").unwrap_err().1.contains("全名"));
        assert!(people("张小三 李").unwrap_err().1.contains("分不清"));
        assert!(people("张三620102199001010011").unwrap_err().0.contains("张三***"));
        assert!(people("张三等").unwrap_err().1.contains("列全"));
        assert!(person("张三、李四").unwrap_err().1.contains("2个人"));
    }

    #[test]
    fn what_stands_behind_a_name_is_kept_as_a_remark() {
        let read = people("张三教授（组长）").unwrap();
        assert_eq!(read[0].remarks, ["组长", "教授"]);
    }
}
