use super::*;

#[test]
fn money_is_rounded_half_up_to_a_hundred_yuan() {
    assert_eq!(money_wan(6_200_000_000), "6,200.00 万元");
    assert_eq!(money_wan(500_000_000), "500.00 万元");
    assert_eq!(money_wan(1_234_565_000), "1,234.57 万元");
    assert_eq!(money_wan(4_999), "0.00 万元");
    assert_eq!(money_wan(5_000), "0.01 万元");
    assert_eq!(money_wan(-5_000), "−0.01 万元");
    assert_eq!(money_wan(i64::MAX), "9,223,372,036,854.78 万元");
    assert_eq!(money_wan(i64::MIN), "−9,223,372,036,854.78 万元");
}

#[test]
fn money_to_the_fen_is_exact() {
    assert_eq!(money_yuan(12_345_678), "123,456.78 元");
    assert_eq!(money_yuan(7), "0.07 元");
}

#[test]
fn scores_keep_two_decimals() {
    assert_eq!(score(7840), "78.40");
    assert_eq!(score(0), "0.00");
    assert_eq!(score_difference(602), "+6.02");
    assert_eq!(score_difference(-168), "−1.68");
    assert_eq!(score_difference(0), "0.00");
    assert_eq!(score_difference(-5), "−0.05");
}

#[test]
fn shares_round_half_up() {
    assert_eq!(percent(1, 8), "13%");
    assert_eq!(percent(2, 3), "67%");
    assert_eq!(percent(0, 0), "—");
    assert_eq!(percent(u64::MAX, u64::MAX), "100%");
}

#[test]
fn thousands_are_grouped() {
    assert_eq!(thousands(0), "0");
    assert_eq!(thousands(999), "999");
    assert_eq!(thousands(1_000), "1,000");
    assert_eq!(thousands(1_234_567), "1,234,567");
}

#[test]
fn dates_are_written_in_chinese() {
    let day = NaiveDate::from_ymd_opt(2025, 2, 18).unwrap();
    assert_eq!(date(day), "2025年2月18日");
    assert_eq!(short_date(day), "2月18日");
    assert_eq!(month(day), "2025年2月");
    let at = day.and_hms_opt(14, 3, 22).unwrap();
    assert_eq!(date_time(at), "2025年2月18日 14:03");
    assert_eq!(clock(at), "14:03:22");
    assert_eq!(duration(6_130), "1:42:10");
}

#[test]
fn sizes_have_one_decimal() {
    assert_eq!(bytes(512), "512 B");
    assert_eq!(bytes(1_572_864), "1.5 MB");
    assert_eq!(bytes(1 << 30), "1.0 GB");
}
