//! Which applications and experts are linked by sheets at all.

use super::design::Design;

/// Connected components of the graph whose edges are the sheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Components {
    pub count: usize,
    /// Component of each application, numbered by first appearance.
    pub of_application: Vec<usize>,
    pub of_expert: Vec<usize>,
}

/// Union–find over the sheets, O(n α(n)).
pub fn components(design: &Design) -> Components {
    linked(design, false)
}

/// Components if the sheets of one panel are linked as well: the parts of a model in which panels have an effect.
pub fn with_panels(design: &Design) -> Components {
    linked(design, true)
}

fn linked(design: &Design, panels: bool) -> Components {
    let offset = design.applications.len();
    let after = offset + design.experts.len();
    // Sheets without a panel share one further level.
    let levels = if panels { design.panels.len() + 1 } else { 0 };
    let mut parent: Vec<usize> = (0..after + levels).collect();
    let mut link = |one: usize, other: usize| {
        let (left, right) = (root(&mut parent, one), root(&mut parent, other));
        parent[right.max(left)] = left.min(right);
    };
    for sheet in &design.sheets {
        link(sheet.application, offset + sheet.expert);
        if panels {
            link(sheet.application, after + sheet.panel.unwrap_or(design.panels.len()));
        }
    }
    parent.truncate(after);
    let mut number = vec![usize::MAX; parent.len()];
    let mut count = 0;
    let mut of_node = Vec::with_capacity(parent.len());
    for node in 0..parent.len() {
        let root = root(&mut parent, node);
        if number[root] == usize::MAX {
            number[root] = count;
            count += 1;
        }
        of_node.push(number[root]);
    }
    let of_expert = of_node.split_off(offset);
    Components { count, of_application: of_node, of_expert }
}

fn root(parent: &mut [usize], mut node: usize) -> usize {
    while parent[node] != node {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    node
}
