//! Tasks.
#![allow(
    unsafe_code,
    reason = "the driver's traits have unsafe methods; a task's function travels as a pointer"
)]

use core::ffi::c_void;
use core::marker::PhantomData;
use core::mem;
use core::ptr::{self, NonNull};

use esp_radio_rtos_driver::semaphore::{SemaphoreImplementation, SemaphorePtr};
use esp_radio_rtos_driver::{SchedulerImplementation, ThreadPtr};

use crate::board::{Board, Context, Fatal};
use crate::kernel::{self, Task};
use crate::semaphore::{self, Semaphore};
use crate::wait;

/// Thread-local pointers of a task: its semaphore, once asked for, and the function it was made for.
const LOCAL_SEMAPHORE: i32 = 0;
const LOCAL_FUNCTION: i32 = 1;

/// Bytes of a word of the stack.
const STACK_WORD: usize = 4;

type Function = extern "C" fn(*mut c_void);

/// `SchedulerImplementation` on the kernel's tasks.
pub struct Scheduler<B>(PhantomData<B>);

impl<B> Scheduler<B> {
    /// For [`register!`](crate::register).
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<B> Default for Scheduler<B> {
    fn default() -> Self {
        Self::new()
    }
}

/// What every task runs: its function, and then its own deletion. A task of the kernel must not return.
extern "C" fn trampoline<B: Board>(parameter: *mut c_void) {
    if let Some(me) = Task::current() {
        let function = me.local(LOCAL_FUNCTION);
        if !function.is_null() {
            // SAFETY: `task_create` put a `Function` there, before the task began.
            let function = unsafe { mem::transmute::<*mut c_void, Function>(function) };
            function(parameter);
        }
    }
    delete::<B>(None);
}

/// Deletes a task with what it owns. Does not return for the running one.
fn delete<B: Board>(task: Option<Task>) {
    if B::context() != Context::Task {
        B::fatal(Fatal::NotInATask);
    }
    let Some(current) = Task::current() else {
        return;
    };
    let task = task.unwrap_or(current);
    let semaphore = task.local(LOCAL_SEMAPHORE);
    task.set_local(LOCAL_SEMAPHORE, ptr::null_mut());
    let semaphore: Option<SemaphorePtr> = NonNull::new(semaphore.cast());
    let myself = task.as_ptr() == current.as_ptr();
    if myself && let Some(semaphore) = semaphore {
        // SAFETY: only this task waits for it, and it does not now.
        unsafe { Semaphore::<B>::delete(semaphore) };
    }
    // SAFETY: the driver forgets a task it has deleted.
    unsafe { task.delete() };
    if let Some(semaphore) = semaphore {
        // SAFETY: only the deleted task could wait for it, and it is off every list.
        unsafe { Semaphore::<B>::delete(semaphore) };
    }
}

/// As the kernel wants it: cut to 15 bytes, the rest 0.
fn terminated(name: &str) -> [u8; 16] {
    let mut buffer = [0; 16];
    for (to, from) in buffer.iter_mut().take(15).zip(name.bytes()) {
        *to = from;
    }
    buffer
}

impl<B: Board> Scheduler<B> {
    /// Makes a task whose function is `function`; see [`SchedulerImplementation::task_create`].
    fn create(
        name: &str,
        function: Function,
        parameter: *mut c_void,
        priority: u32,
        stack: usize,
    ) -> Option<Task> {
        let words = stack
            .saturating_add(B::INTERRUPT_STACK)
            .div_ceil(STACK_WORD);
        Task::create(
            trampoline::<B>,
            &terminated(name),
            u32::try_from(words).ok()?,
            parameter,
            priority.min(B::MAX_PRIORITY),
            (LOCAL_FUNCTION, function as *mut c_void),
        )
    }
}

/// A task of this crate's own.
pub(crate) fn spawn<B: Board>(
    name: &str,
    function: Function,
    priority: u32,
    stack: usize,
) -> Option<()> {
    Scheduler::<B>::create(name, function, ptr::null_mut(), priority, stack).map(drop)
}

impl<B: Board> SchedulerImplementation for Scheduler<B> {
    fn initialized(&self) -> bool {
        kernel::is_started()
    }

    fn yield_task(&self) {
        match B::context() {
            Context::Task => kernel::yield_now(),
            Context::Masked | Context::Interrupt => B::request_switch(),
        }
    }

    fn yield_task_from_isr(&self) {
        B::request_switch();
    }

    fn current_task(&self) -> ThreadPtr {
        match Task::current() {
            Some(task) => task.as_ptr(),
            None => B::fatal(Fatal::NotInATask),
        }
    }

    fn max_task_priority(&self) -> u32 {
        B::MAX_PRIORITY
    }

    fn task_create(
        &self,
        name: &str,
        task: Function,
        param: *mut c_void,
        priority: u32,
        _core: Option<u32>,
        task_stack_size: usize,
    ) -> ThreadPtr {
        if kernel::is_started() && B::context() != Context::Task {
            B::fatal(Fatal::NotInATask);
        }
        match Self::create(name, task, param, priority, task_stack_size) {
            Some(task) => task.as_ptr(),
            None => B::fatal(Fatal::NoMemoryForTask(task_stack_size)),
        }
    }

    fn schedule_task_deletion(&self, task_handle: Option<ThreadPtr>) {
        // SAFETY: the driver's handles are `task_create`'s.
        delete::<B>(task_handle.map(|handle| unsafe { Task::from_ptr(handle) }));
    }

    fn current_task_thread_semaphore(&self) -> SemaphorePtr {
        let Some(me) = Task::current() else {
            B::fatal(Fatal::NotInATask)
        };
        if let Some(semaphore) = NonNull::new(me.local(LOCAL_SEMAPHORE)) {
            return semaphore.cast();
        }
        if B::context() != Context::Task {
            B::fatal(Fatal::NotInATask);
        }
        let semaphore = semaphore::counting::<B>(1, 0);
        me.set_local(LOCAL_SEMAPHORE, semaphore.as_ptr().cast());
        semaphore
    }

    unsafe fn task_priority(&self, task: ThreadPtr) -> u32 {
        // SAFETY: the driver's handles are `task_create`'s.
        unsafe { Task::from_ptr(task) }.priority(B::context() != Context::Task)
    }

    unsafe fn set_task_priority(&self, task: ThreadPtr, priority: u32) {
        if B::context() == Context::Interrupt {
            B::fatal(Fatal::NotInATask);
        }
        // SAFETY: the driver's handles are `task_create`'s.
        unsafe { Task::from_ptr(task) }.set_priority(priority.min(B::MAX_PRIORITY));
    }

    fn usleep(&self, us: u32) {
        wait::sleep_until::<B>(B::now().saturating_add(u64::from(us)));
    }

    fn usleep_until(&self, target: u64) {
        wait::sleep_until::<B>(target);
    }

    fn now(&self) -> u64 {
        B::now()
    }
}

#[cfg(test)]
mod tests {
    use super::terminated;

    #[test]
    fn a_long_name_still_ends_in_a_zero() {
        assert_eq!(&terminated("wifi"), b"wifi\0\0\0\0\0\0\0\0\0\0\0\0");
        assert_eq!(&terminated("btControllerTask-0"), b"btControllerTas\0");
    }
}
