//! Choosing a file. It goes to a streaming route, not to a server function.

use crate::components::{Button, ButtonTone, Card, FileField, FormActions, Frame, LinkButton, Need, PageHead};
use crate::frame::{Page, page};
use crate::request::{path_id, query};
use crate::routes;
use domain::access::Permission;
use domain::ids::BatchId;
use domain::import::ImportKind;
use leptos::prelude::*;
use service::import::LARGEST_FILE;

#[component]
pub fn UploadPage() -> AnyView {
    let kind = path_id::<ImportKind>("kind");
    let batch: Option<BatchId> = query().get("batch").and_then(|b| b.parse().ok());
    page(move |ctx| async move {
        ctx.require(Permission::ImportData)?;
        let kind = kind?;
        let template = routes::template(kind);
        let action = routes::upload(kind, batch);
        let lede = match kind {
            ImportKind::Experts => "专家库：工作表“专家”和“任职经历”；列的顺序、近似列名、标题行都能识别",
            ImportKind::Tasks => {
                "榜单任务：可附“考核指标”工作表，也可在“考核指标”列每行写一项；列的顺序、近似列名、标题行都能识别"
            }
            ImportKind::Applications => "汇总表：可附“联合体成员”“参与人员”工作表；列的顺序、近似列名、标题行都能识别",
        };
        let hint = format!("只接受 .xlsx，不超过 {} MB；旧格式请另存为 .xlsx", LARGEST_FILE / 1024 / 1024);
        Ok(Page::new(
            format!("导入{kind}"),
            view! {
                <PageHead title=format!("导入{kind}") lede=move || lede />
                <Card title="第一步：核对" hint="核对不写入任何数据">
                    <form method="post" action=action enctype="multipart/form-data" class="form">
                        <FileField name="file" label="Excel 文件" accept=".xlsx" need=Need::Required hint=hint />
                        <FormActions>
                            <Button tone=ButtonTone::Primary>"上传并核对"</Button>
                            <LinkButton href=template download="">"下载模板"</LinkButton>
                        </FormActions>
                    </form>
                </Card>
            },
        )
        .framed(Frame::Page))
    })
}
