use leptos::prelude::*;
use ui::components::{
    Button, ButtonTone, Card, CardBody, Checklist, Gate, GateItem, LinkButton, PageHead, ProgressBar, Step, StepState,
    Stepper, Table, Tag, Tone,
};

const PANELS: [(&str, u64, u64, u64, u64); 10] = [
    ("冶金有色组", 14, 3, 95, 95),
    ("能源化工组", 13, 1, 90, 90),
    ("电子信息一组", 12, 4, 74, 80),
    ("电子信息二组", 11, 2, 66, 75),
    ("智能装备组", 13, 0, 91, 91),
    ("新材料一组", 12, 5, 58, 79),
    ("新材料二组", 11, 2, 61, 75),
    ("生物医药组", 14, 6, 92, 92),
    ("航空航天组", 9, 1, 39, 62),
    ("循环经济组", 11, 0, 73, 77),
];
const WAY: [(&str, &str); 16] = [
    ("筹备", "8月4日"),
    ("形式审查", "8月18日"),
    ("回避审查", "9月1日"),
    ("分组", "9月8日"),
    ("抽取", "9月12日"),
    ("签到承诺", "9月15日"),
    ("独立评分", "9月15日"),
    ("核对", ""),
    ("合议", ""),
    ("校准", ""),
    ("排序", ""),
    ("会签", ""),
    ("公示", ""),
    ("异议", ""),
    ("公布", ""),
    ("归档", ""),
];

pub fn page() -> AnyView {
    let steps = WAY.iter().enumerate().map(|(i, (label, date))| {
        let state = match i {
            0..6 => StepState::Done,
            6 => StepState::Now,
            _ => StepState::Todo,
        };
        let step = Step::new(*label, state).date(*date);
        if i <= 6 { step.href("#step") } else { step }
    });
    let content = view! {
        <PageHead
            title="独立评分进行中"
            eyebrow="甘工信发〔2025〕40号 · 第1轮"
            actions=|| {
                view! {
                    <LinkButton href="#board">"投影看板"</LinkButton>
                    <Button tone=ButtonTone::Primary>"请求关闭评分"</Button>
                }
            }
        />
        <Card body=CardBody::Flush>
            <Stepper label="本轮进程" steps=steps.collect() />
        </Card>
        <div class="split">
            <Card title="各组进度" hint="只显示是否填写，不显示分值" body=CardBody::Flush>
                {panels()}
            </Card>
            <div class="stack">
                {waiting()}
                <Card title="下一道关口：核对">
                    <Checklist items=vec![
                        GateItem::new(Gate::Met, "评分细则、去极值、校准方法、名额已冻结").why("三厅会签 2025年9月12日"),
                        GateItem::new(Gate::Unmet, "6 个组尚有 78 张评分表未提交").who("各组专家").href("#sheets"),
                        GateItem::new(Gate::Met, "每个项目有效评分表不少于 3 张"),
                        GateItem::new(Gate::Met, "评审图连通：各组由 6 次桥接评审相连"),
                    ] />
                </Card>
            </div>
        </div>
    };
    super::frame("/round", "独立评分", "省工信厅 · 协调员", content.into_any())
}

fn panels() -> impl IntoView {
    let rows = PANELS.into_iter().map(|(name, apps, recused, done, total)| {
        let state = if done == total {
            view! { <Tag label="可核对" tone=Tone::Good /> }
        } else {
            view! { <Tag label="评分中" /> }
        };
        view! {
            <tr>
                <td><a href="#panel">{name}</a></td>
                <td class="n">{apps}</td>
                <td class="n">"7"</td>
                <td class="n">{recused}</td>
                <td><ProgressBar done=done total=total title=name /></td>
                <td class="n">{format!("{done} / {total}")}</td>
                <td>{state}</td>
            </tr>
        }
    });
    view! {
        <Table label="各组进度" class="middle">
            <thead>
                <tr>
                    <th scope="col">"评审组"</th>
                    <th class="n" scope="col">"项目"</th>
                    <th class="n" scope="col">"专家"</th>
                    <th class="n" scope="col">"回避"</th>
                    <th scope="col">"评分表"</th>
                    <th class="n" scope="col">"已提交"</th>
                    <th scope="col">"状态"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </Table>
    }
}

fn waiting() -> impl IntoView {
    view! {
        <Card title="等我处理" actions=|| view! { <span class="n muted">"3"</span> } body=CardBody::Flush>
            <ul class="todo">
                <li>
                    <b>"新材料一组 申请延时 30 分钟"</b>
                    <p class="muted small">"3/7 位专家提出，超过三分之一，须同意"</p>
                    <div class="row">
                        <Button tone=ButtonTone::Primary>"同意"</Button>
                        <LinkButton href="#see">"查看"</LinkButton>
                    </div>
                </li>
                <li>
                    <b>"生物医药组 1 位专家会中声明回避"</b>
                    <p class="muted small">
                        "与 B-031 参与单位三年内有劳动关系；已作废 1 张评分表，建议递补备选 2 号"
                    </p>
                    <div class="row">
                        <Button tone=ButtonTone::Primary>"确认递补"</Button>
                        <LinkButton href="#why">"证据"</LinkButton>
                    </div>
                </li>
                <li>
                    <b>"航空航天组 专家 4 号 40 分钟未保存"</b>
                    <p class="muted small">"网络中断，本机有 3 张草稿待同步"</p>
                </li>
            </ul>
        </Card>
    }
}
