//! Runs one piece of work on every core.

/// Runs `work` on at most `most` threads, given its number and their count; results by number.
///
/// A panic of one is a panic of the whole.
pub fn on_all_cores<T: Send>(most: usize, work: impl Fn(usize, usize) -> T + Sync) -> Vec<T> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(most.max(1));
    std::thread::scope(|scope| {
        let work = &work;
        let handles: Vec<_> = (0..workers).map(|worker| scope.spawn(move || work(worker, workers))).collect();
        let join = |handle: std::thread::ScopedJoinHandle<'_, T>| match handle.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        handles.into_iter().map(join).collect()
    })
}
