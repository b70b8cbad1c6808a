use leptos::prelude::*;

use super::Query;
use super::format::thousands;

const SIZES: [u64; 3] = [20, 50, 100];

/// Row count, pages and page size of a list.
#[component]
pub fn Pager(
    #[prop(into)] query: Query,
    /// Rows in all, after filtering.
    total: u64,
    /// The present page, from 1.
    page: u64,
    #[prop(default = 50)] size: u64,
    /// The counting word: 条, 位, 项.
    #[prop(default = "条")]
    unit: &'static str,
) -> impl IntoView {
    let last = total.div_ceil(size.max(1)).max(1);
    let page = page.clamp(1, last);
    let from = if total == 0 { 0 } else { (page - 1) * size + 1 };
    let to = (page * size).min(total);
    let count = format!("共 {} {unit}，第 {}–{}", thousands(total), thousands(from), thousands(to));
    let numbers = window(page, last)
        .into_iter()
        .map(|slot| match slot {
            Some(n) => {
                let current = (n == page).then_some("page");
                view! {
                    <li>
                        <a href=query.page(n).href() aria-current=current aria-label=format!("第 {n} 页")>
                            {n.to_string()}
                        </a>
                    </li>
                }
                .into_any()
            }
            None => view! { <li><span>"…"</span></li> }.into_any(),
        })
        .collect_view();
    let turn = |to: u64, label: &'static str| {
        if (1..=last).contains(&to) {
            view! { <li><a href=query.page(to).href()>{label}</a></li> }.into_any()
        } else {
            view! { <li><span>{label}</span></li> }.into_any()
        }
    };
    let sizes = SIZES.map(|n| {
        let href = query.without("page").with("size", n.to_string()).href();
        view! { <a href=href aria-current=(n == size).then_some("true")>{n.to_string()}</a> }
    });
    view! {
        <nav class="pager" aria-label="分页">
            <span>{count}</span>
            <ol>
                {turn(page.wrapping_sub(1), "上一页")}
                {numbers}
                {turn(page + 1, "下一页")}
            </ol>
            <span class="sizes">"每页 " {sizes.collect_view()}</span>
        </nav>
    }
}

/// First, last and two on either side of the present page; `None` is a gap.
fn window(page: u64, last: u64) -> Vec<Option<u64>> {
    let mut slots = Vec::new();
    let mut previous = 0;
    for n in (1..=last).filter(|n| *n == 1 || *n == last || n.abs_diff(page) <= 2) {
        if n > previous + 1 {
            slots.push(None);
        }
        slots.push(Some(n));
        previous = n;
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn gaps_stand_for_the_pages_left_out() {
        assert_eq!(window(1, 1), [Some(1)]);
        assert_eq!(window(6, 12), [Some(1), None, Some(4), Some(5), Some(6), Some(7), Some(8), None, Some(12)]);
    }
}
