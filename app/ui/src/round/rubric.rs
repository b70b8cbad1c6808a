//! The rubric: dimensions, criteria, anchors; its points can be changed until it is frozen.

use super::actions::SetRubric;
use crate::components::{
    Button, Card, CardBody, Field, Form, FormActions, Need, Table, Text, num, problem, refilled, text, typed,
};
use crate::request::post;
use domain::round::Round;
use domain::rubric::{Criterion, Dimension, NotApplicable};
use leptos::prelude::*;

pub fn rubric_card(round: &Round, may_edit: bool) -> AnyView {
    let rubric = &round.rubric;
    let rows = || rubric.dimensions.iter().map(|d| dimension(d, may_edit)).collect_view();
    let rows = refilled(post::<SetRubric>(), &[], rows);
    let table = view! {
        <Table label="评分细则" columns=[text("编号"), text("评分项"), num("分值"), text("方式"), text("评分标准"), text("佐证")]>
            {rows}
        </Table>
    };
    let (title, hint) = (rubric.title.clone(), rubric.basis.clone());
    if !may_edit {
        return view! { <Card title=title hint=hint body=CardBody::Flush>{table}</Card> }.into_any();
    }
    let (id, basis) = (round.id.to_string(), rubric.basis.clone());
    view! {
        <Card title=title hint="各项分值合计须为100分" body=CardBody::Flush>
            <Form action={post::<SetRubric>()}>
                <input type="hidden" name="round" value=id />
                {table}
                <div class="body">
                    <Field name="rubric_basis" label="细则依据" value=basis need=Need::Required />
                    <FormActions note="保存后须重新会签">
                        <Button>"保存细则"</Button>
                    </FormActions>
                </div>
            </Form>
        </Card>
    }
    .into_any()
}

fn dimension(dimension: &Dimension, may_edit: bool) -> impl IntoView + use<> {
    let rows = dimension.criteria.iter().map(|c| criterion(c, may_edit)).collect_view();
    view! {
        <tbody>
            <tr class="group">
                <th scope="rowgroup">{dimension.code.clone()}</th>
                <th>{dimension.name.clone()}</th>
                <th class="n">{dimension.full().short()}</th>
                <th colspan="3"></th>
            </tr>
            {rows}
        </tbody>
    }
}

fn criterion(criterion: &Criterion, may_edit: bool) -> impl IntoView + use<> {
    let points = criterion.full.short();
    let cell = if may_edit {
        let name = format!("full.{}", criterion.code);
        let label = format!("{} 分值", criterion.name);
        let value = typed(&name, points.into()).get();
        let problem = problem(&name, Text::none());
        let invalid = problem.is_some().then_some("true");
        view! {
            <input class="input n" size="4" inputmode="decimal" name=name value=value aria-label=label aria-invalid=invalid />
            {problem.get().map(|words| view! { <p class="error">{words}</p> })}
        }
        .into_any()
    } else {
        points.into_any()
    };
    let condition =
        (criterion.not_applicable != NotApplicable::Never).then(|| format!("（{}）", criterion.not_applicable));
    view! {
        <tr>
            <td>{criterion.code.clone()}</td>
            <td>{criterion.name.clone()} <span class="small muted">{condition}</span></td>
            <td class="n">{cell}</td>
            <td class="nowrap">{format!("{}·{}", criterion.scoring, criterion.field)}</td>
            <td class="small">{criterion.anchors.join("；")}</td>
            <td class="small">{criterion.evidence.clone()}</td>
        </tr>
    }
}
