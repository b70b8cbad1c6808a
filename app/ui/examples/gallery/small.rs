use leptos::prelude::*;
use ui::components::{
    Alert, AlertKind, Board, Button, ButtonSize, ButtonTone, Card, Field, Figure, FormActions, Frame, InputKind,
    PageHead, ProgressBar, Seat, SeatState, Seats, Shell,
};

pub fn board() -> AnyView {
    let seats = (1..=7).map(|i| Seat {
        seat: format!("{i} 号"),
        name: if i < 6 { format!("专家 E-{:02}", i * 7) } else { "—".to_owned() },
        state: match i {
            1..=3 => SeatState::Ready,
            4 => SeatState::Waiting,
            5 => SeatState::Barred,
            _ => SeatState::Away,
        },
        words: match i {
            1..=3 => "已签到并承诺",
            4 => "待承诺",
            5 => "回避：三年内任职",
            _ => "待抽取",
        }
        .to_owned(),
    });
    view! {
        <Board
            title="新材料一组 评审会"
            subtitle="当前项目 B-031"
            clock="1:42:10"
            footer="抽取种子承诺 sha256 4f1c9a70…e2b8 · 只显示是否填写，不显示分值"
        >
            <div class="figures">
                <Figure label="已签到" value="4" of="/ 7" />
                <Figure label="评分表" value="58" of="/ 79" />
                <Figure label="申请延时" value="3" of="/ 7 人" />
            </div>
            <ProgressBar label="本项目评分表" done=5 total=7 />
            <Seats seats=seats.collect() />
        </Board>
    }
    .into_any()
}

pub fn login() -> AnyView {
    view! {
        <Shell here="/login" frame=Frame::Centred>
            <PageHead title="登录" lede=|| "甘肃省产业科技创新揭榜挂帅评审平台" />
            <Alert kind=AlertKind::Error title="账号或口令不正确" body=|| "还可尝试 3 次，之后锁定 15 分钟。" />
            <Card>
                <form class="form" method="post" action="/login">
                    <Field name="account" label="账号" autocomplete="username" value="gxt-01" />
                    <Field name="password" label="口令" kind=InputKind::Password autocomplete="current-password" />
                    <FormActions>
                        <Button tone=ButtonTone::Primary size=ButtonSize::Large>
                            "登录"
                        </Button>
                    </FormActions>
                </form>
            </Card>
        </Shell>
    }
    .into_any()
}
