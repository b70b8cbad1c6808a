//! 分组: panels by group (sector), blocks (the applications of one task) never split, sizes balanced.

use std::collections::BTreeMap;

/// Applications that must stay together: those of one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<Id, Group> {
    pub id: Id,
    pub group: Group,
    /// Applications in it; at least 1.
    pub size: u32,
}

/// One planned panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPanel<Id, Group> {
    /// More than one only where there are fewer panels than groups. The largest first.
    pub groups: Vec<Group>,
    pub blocks: Vec<Id>,
    pub size: u32,
}

/// Why a plan cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("没有可分组的项目")]
    Nothing,
    #[error("评审组数应为1至{0}（不多于榜单任务数，同一任务不拆分）")]
    Count(usize),
}

/// Plans `count` panels.
///
/// Groups get panels in proportion to their size (D'Hondt, at least one each and no more than they have blocks); inside a
/// group the largest block goes to the smallest panel (LPT, at most 4/3 of the best possible largest panel). With fewer
/// panels than groups the two smallest are merged until the number fits. Deterministic: ties go by the order of `Id` and
/// `Group`.
///
/// # Errors
/// `Nothing` without blocks; `Count` for zero panels or more panels than blocks.
///
/// Source: Graham (1969), "Bounds on multiprocessing timing anomalies", SIAM J. Appl. Math. 17(2).
pub fn plan<Id: Ord + Copy, Group: Ord + Copy>(
    blocks: &[Block<Id, Group>],
    count: usize,
) -> Result<Vec<PlannedPanel<Id, Group>>, PlanError> {
    if blocks.is_empty() {
        return Err(PlanError::Nothing);
    }
    if count == 0 || count > blocks.len() {
        return Err(PlanError::Count(blocks.len()));
    }
    let mut parts = parts(blocks);
    while parts.len() > count {
        merge_smallest(&mut parts);
    }
    let panels = seats(&parts, count);
    Ok(parts.into_iter().zip(panels).flat_map(|(part, n)| pack(part, n)).collect())
}

struct Part<Id, Group> {
    groups: Vec<Group>,
    blocks: Vec<(Id, u32)>,
}

impl<Id, Group> Part<Id, Group> {
    fn size(&self) -> u32 {
        self.blocks.iter().map(|(_, size)| size).sum()
    }
}

fn parts<Id: Ord + Copy, Group: Ord + Copy>(blocks: &[Block<Id, Group>]) -> Vec<Part<Id, Group>> {
    let mut by_group: BTreeMap<Group, Vec<(Id, u32)>> = BTreeMap::new();
    for block in blocks {
        by_group.entry(block.group).or_default().push((block.id, block.size));
    }
    by_group.into_iter().map(|(group, blocks)| Part { groups: vec![group], blocks }).collect()
}

fn merge_smallest<Id, Group: Ord + Copy>(parts: &mut Vec<Part<Id, Group>>) {
    parts.sort_by(|a, b| (b.size(), &a.groups).cmp(&(a.size(), &b.groups)));
    if let (Some(smallest), Some(next)) = (parts.pop(), parts.last_mut()) {
        next.groups.extend(smallest.groups);
        next.blocks.extend(smallest.blocks);
    }
    parts.sort_by(|a, b| a.groups.cmp(&b.groups));
}

/// Panels per part: one each, the rest one by one to the part with the largest size per panel it would then have.
fn seats<Id, Group>(parts: &[Part<Id, Group>], count: usize) -> Vec<usize> {
    let mut panels = vec![1_usize; parts.len()];
    for _ in parts.len()..count {
        let quotient = |i: usize| f64::from(parts[i].size()) / (panels[i] + 1) as f64;
        let open = (0..parts.len()).filter(|i| panels[*i] < parts[*i].blocks.len());
        let Some(next) = open.max_by(|a, b| quotient(*a).total_cmp(&quotient(*b)).then(b.cmp(a))) else { break };
        panels[next] += 1;
    }
    panels
}

fn pack<Id: Ord + Copy, Group: Clone>(mut part: Part<Id, Group>, count: usize) -> Vec<PlannedPanel<Id, Group>> {
    part.blocks.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
    let mut plans: Vec<PlannedPanel<Id, Group>> =
        (0..count).map(|_| PlannedPanel { groups: part.groups.clone(), blocks: Vec::new(), size: 0 }).collect();
    for (id, size) in part.blocks {
        if let Some(smallest) = plans.iter_mut().min_by_key(|p| (p.size, p.blocks.len())) {
            smallest.blocks.push(id);
            smallest.size += size;
        }
    }
    plans
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn blocks(sizes: &[(u8, u32)]) -> Vec<Block<usize, u8>> {
        sizes.iter().enumerate().map(|(id, (group, size))| Block { id, group: *group, size: *size }).collect()
    }

    #[test]
    fn larger_sectors_get_the_extra_panels() {
        let plans = plan(&blocks(&[(1, 10), (1, 10), (1, 10), (2, 5), (2, 5)]), 4).unwrap();
        let of = |g: u8| plans.iter().filter(|p| p.groups == [g]).count();
        assert_eq!((of(1), of(2)), (3, 1));
    }

    #[test]
    fn with_fewer_panels_than_sectors_the_smallest_share_one() {
        let plans = plan(&blocks(&[(1, 10), (2, 2), (3, 3)]), 2).unwrap();
        assert_eq!(plans.iter().map(|p| p.groups.clone()).collect::<Vec<_>>(), [vec![1], vec![3, 2]]);
    }

    #[test]
    fn impossible_counts_are_refused() {
        assert_eq!(plan(&blocks(&[]), 1), Err(PlanError::Nothing));
        assert_eq!(plan(&blocks(&[(1, 1)]), 2), Err(PlanError::Count(1)));
        assert_eq!(plan(&blocks(&[(1, 1)]), 0), Err(PlanError::Count(1)));
    }

    proptest! {
        #[test]
        fn every_block_sits_in_exactly_one_panel_and_the_count_is_met(
            sizes in prop::collection::vec((0_u8..5, 1_u32..9), 1..25), wish in 1_usize..25,
        ) {
            let input = blocks(&sizes);
            let count = wish.min(input.len());
            let plans = plan(&input, count).unwrap();
            prop_assert_eq!(plans.len(), count);
            let mut seen: Vec<usize> = plans.iter().flat_map(|p| p.blocks.clone()).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..input.len()).collect::<Vec<_>>());
            prop_assert!(plans.iter().all(|p| p.size > 0));
        }
    }
}
