use leptos::prelude::*;
use ui::components::{
    Band, Button, ButtonTone, Desk, DeskEntry, DeskList, DeskTotal, EntryState, Frame, LinkButton, Need, Saved,
    ScoreEntry, ScoreGroup, ScoreItem, Shell, Tab, Tabs, TabsLook,
};

pub fn page() -> AnyView {
    view! {
        <Shell
            here="/desk"
            frame=Frame::Desk
            round=super::round("独立评分")
            account=super::account("专家 3 号 · 冶金有色组")
            top=|| view! { <span class="small tnum muted">"剩余 1:42:10"</span> }
        >
            <Desk
                action="/sheets/14"
                list=|| view! { <DeskList title="冶金有色组" figures="2 / 13" entries=entries() current="A-014" /> }
                documents=|| {
                    view! {
                        <Tabs
                            label="材料"
                            here="#book"
                            look=TabsLook::Pills
                            tabs=vec![
                                Tab::new("申报书", "#book"),
                                Tab::new("检测报告", "#test"),
                                Tab::new("联合体协议", "#pact"),
                                Tab::new("预算与资金证明", "#money"),
                            ]
                        />
                        <span class="grow"></span>
                        <span class="small muted nowrap">"第 9 / 64 页"</span>
                    }
                }
                materials=paper
                form=sheet
            />
        </Shell>
    }
    .into_any()
}

fn entries() -> Vec<DeskEntry> {
    let entry = |code: &str, name: &str, state, total: &str| DeskEntry {
        code: code.to_owned(),
        name: name.to_owned(),
        href: format!("#{code}"),
        state,
        total: total.into(),
    };
    vec![
        entry("A-011", "高温合金粉末近净成形", EntryState::Submitted, "78.40"),
        entry("A-012", "废旧动力电池短程回收", EntryState::Submitted, "71.25"),
        entry("A-013", "稀土永磁低重稀土化", EntryState::Draft, ""),
        entry("A-014", "高纯电解铜箔制备", EntryState::Draft, "33.00"),
        entry("A-015", "铝基复合材料构件", EntryState::Untouched, ""),
        entry("A-016", "", EntryState::Recused, ""),
        entry("A-017", "钛合金残料再生与短流程制备关键技术", EntryState::Untouched, ""),
    ]
}

fn paper() -> impl IntoView {
    view! {
        <div class="page" tabindex="0">
            <article class="paper">
                <h3>"二、研发基础与前期工作"</h3>
                <p>
                    "申请单位自 2021 年起开展 4.5 μm 极薄铜箔工艺研究，建成 50 吨/年中试线，抗拉强度达到 420 MPa，延伸率 6.8%（检测报告见附件 3，第 12 页）。"
                </p>
                <table class="table">
                    <thead>
                        <tr><th>"指标"</th><th class="n">"任务要求"</th><th class="n">"现状"</th></tr>
                    </thead>
                    <tbody>
                        <tr><td>"厚度（μm）"</td><td class="n">"≤ 4.0"</td><td class="n">"4.5"</td></tr>
                        <tr><td>"抗拉强度（MPa）"</td><td class="n">"≥ 450"</td><td class="n">"420"</td></tr>
                        <tr><td>"面密度偏差（%）"</td><td class="n">"≤ 2.0"</td><td class="n">"2.6"</td></tr>
                    </tbody>
                </table>
                <p>
                    "联合体分工：牵头单位负责工艺放大与产线验证；西部工业大学负责添加剂机理与电化学模拟；河西有色研究院负责组织结构表征。"
                </p>
                <h3>"三、攻关方案"</h3>
                <p>
                    "采用梯度添加剂与脉冲电沉积协同调控晶粒取向，以在线张力反馈抑制针孔；设三级考核节点，未达节点时的替代路线见 3.4 节。"
                </p>
            </article>
        </div>
    }
}

fn bands(ranges: [&str; 4]) -> Vec<Band> {
    let anchors = [
        "路线清晰、指标量化且不低于任务要求、风险预案完整",
        "路线较清晰，主要指标量化",
        "路线基本可行，部分指标未量化",
        "路线不清或指标低于任务要求",
    ];
    let words = ["优", "良", "中", "差"];
    words.into_iter().zip(ranges).zip(anchors).map(|((word, range), anchor)| Band::new(word, range, anchor)).collect()
}

fn sheet() -> impl IntoView {
    let twelve = || bands(["11–12", "9–10.5", "7–8.5", "< 7"]);
    let ten = || bands(["9–10", "7.5–8.9", "6–7.4", "< 6"]);
    let six = || bands(["5.5–6", "4.5–5", "3.5–4", "< 3.5"]);
    view! {
        <header>
            <div>
                <h2>"A-014　高纯电解铜箔制备"</h2>
                <p class="small muted">"榜单任务 03 · 联合体 3 家 · 总投资 6,200.00 万元"</p>
            </div>
        </header>
        <div class="items">
            <ScoreGroup code="A" title="研发基础" max="30 分" sum="18.00">
                <ScoreItem name="a1" code="A1" title="前期基础与任务匹配度" max="12" value="10.5" bands=twelve() band="良" />
                <ScoreItem
                    name="a2"
                    code="A2"
                    title="研发投入强度"
                    max="8"
                    value="6"
                    entry=ScoreEntry::Shared("近三年研发费用占比 4.2%，按细则附表 2 计 6 分".to_owned())
                />
                <ScoreItem name="a3" code="A3" title="研发团队" max="6" value="5" bands=six() band="良" />
            </ScoreGroup>
            <ScoreGroup code="B" title="创新能力" max="40 分" sum="15.00">
                <ScoreItem
                    name="b1"
                    code="B1"
                    title="攻关方案先进性、创新性"
                    max="12"
                    value="12"
                    bands=twelve()
                    band="优"
                    reason_need=Need::Required
                    reason="指标达到国际同类产品水平，有两项核心专利支撑。"
                />
                <ScoreItem
                    name="b2"
                    code="B2"
                    title="技术路线可行、指标可考核"
                    max="10"
                    value="12.5"
                    bands=ten()
                    error="超过满分 10"
                />
                <ScoreItem name="b4" code="B4" title="联合体分工与产学研协同" max="6" value="5" bands=six() band="良" />
                <ScoreItem name="b5" code="B5" title="产业带动与转化前景" max="6" bands=six() />
            </ScoreGroup>
        </div>
        <DeskTotal total="33.00" saved=Saved::At("14:03:22".to_owned())>
            <LinkButton href="#prev">"上一项"</LinkButton>
            <LinkButton href="#next">"下一项"</LinkButton>
            <Button tone=ButtonTone::Primary>"复核并提交"</Button>
        </DeskTotal>
        <div class="print-only sign">
            <p>"专家签名"</p>
            <p>"日期"</p>
        </div>
    }
}
