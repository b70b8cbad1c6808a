//! Nodes, supplies and inner arcs of the flow.

use super::model::{Model, index, number, units};
use super::simplex::UNLIMITED;
use std::collections::BTreeMap;

/// The candidates of one kind and one employer for one application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    pub application: u32,
    pub employer: u32,
    pub kind: u8,
}

/// A node of the flow; roles and kinds as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    Expert(u32),
    Application(u32),
    Role(u32, u8),
    Kind(u32, u8),
    Cell(Cell),
}

/// Nodes, supplies and inner arcs before the simplex takes over.
pub struct Layout {
    pub nodes: Vec<Node>,
    pub supply: Vec<i32>,
    pub links: Vec<(u32, u32, i32)>,
    pub kinds: Vec<[u32; 8]>,
    pub cells: BTreeMap<Cell, u32>,
    pub has_cells: Vec<bool>,
}

impl Layout {
    /// Experts first, then applications, then required roles and kinds.
    pub fn new(model: &Model) -> Self {
        let mut layout = Self {
            nodes: Vec::new(),
            supply: Vec::new(),
            links: Vec::new(),
            kinds: Vec::new(),
            cells: BTreeMap::new(),
            has_cells: vec![false; model.applications.len()],
        };
        for (expert, j) in model.experts.iter().zip(0..) {
            layout.add(Node::Expert(j), -units(expert.min_load));
        }
        for (application, i) in model.applications.iter().zip(0..) {
            let fixed: u32 = application.minima.iter().sum();
            let node = layout.add(Node::Application(i), units(application.demand) - units(fixed));
            layout.kinds.push([node; 8]);
        }
        for (application, i) in model.applications.iter().zip(0..) {
            if application.required != 0 {
                layout.add_roles(i, application.minima, application.required);
            }
        }
        layout
    }

    fn add(&mut self, node: Node, supply: i32) -> u32 {
        self.nodes.push(node);
        self.supply.push(supply);
        number(self.nodes.len() - 1)
    }

    fn add_roles(&mut self, i: u32, minima: [u32; 3], required: u8) {
        let mut kinds = self.kinds[index(i)];
        for kind in 1..8_u8 {
            if kind & !required != 0 {
                continue;
            }
            kinds[usize::from(kind)] = if kind.is_power_of_two() {
                let role = self.add(Node::Role(i, kind), units(minima[kind.trailing_zeros() as usize]));
                self.links.push((kinds[0], role, UNLIMITED));
                role
            } else {
                self.add(Node::Kind(i, kind), 0)
            };
        }
        for kind in (1..8_u8).filter(|k| k & !required == 0 && !k.is_power_of_two()) {
            for role in [1_u8, 2, 4].into_iter().filter(|r| r & kind != 0) {
                self.links.push((kinds[usize::from(role)], kinds[usize::from(kind)], UNLIMITED));
            }
        }
        self.kinds[index(i)] = kinds;
    }

    pub fn add_cell(&mut self, cell: Cell, cap: u32) {
        let node = self.add(Node::Cell(cell), 0);
        if cap > 0 {
            let start = self.kinds[index(cell.application)][usize::from(cell.kind)];
            self.links.push((start, node, units(cap.min(1 << 29))));
        }
        self.cells.insert(cell, node);
        self.has_cells[index(cell.application)] = true;
    }
}
