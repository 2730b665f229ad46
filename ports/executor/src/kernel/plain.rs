//! On the kernel's functions, as `task.h` and `queue.h` of V11 declare them for 32-bit processors with
//! `configSTACK_DEPTH_TYPE uint32_t` and 32-bit ticks. The port must switch as `ports/riscv32` does: a yield with interrupts
//! off is carried out when they are on again, so the functions for tasks are right in critical sections too.
#![allow(unsafe_code, reason = "the kernel's C functions")]

use alloc::boxed::Box;
use core::ffi::{c_char, c_void};
use core::ptr::{self, NonNull};

use crate::inside_interrupt;

type TaskFunction = extern "C" fn(*mut c_void);

/// `portMAX_DELAY`: with `INCLUDE_vTaskSuspend` 1, for ever.
const FOR_EVER: u32 = u32::MAX;
/// `pdPASS`.
const PASS: i32 = 1;
/// `queueQUEUE_TYPE_MUTEX`, `queueQUEUE_TYPE_BINARY_SEMAPHORE`.
const TYPE_MUTEX: u8 = 1;
const TYPE_BINARY: u8 = 3;
/// `eIncrement`.
const INCREMENT: u32 = 2;
/// The notification of executors.
const NOTIFICATION: u32 = 0;
/// One tick is a millisecond (`configTICK_RATE_HZ` 1000).
const TICKS_A_MS: u32 = 1;

#[allow(
    clashing_extern_declarations,
    reason = "handles are opaque; each crate names them its own way"
)]
unsafe extern "C" {
    fn xQueueGenericCreate(length: u32, item_size: u32, kind: u8) -> *mut c_void;
    fn xQueueCreateMutex(kind: u8) -> *mut c_void;
    fn vQueueDelete(queue: *mut c_void);
    fn xQueueSemaphoreTake(queue: *mut c_void, ticks: u32) -> i32;
    fn xQueueGenericSend(queue: *mut c_void, item: *const c_void, ticks: u32, place: i32) -> i32;
    fn xQueueGiveFromISR(queue: *mut c_void, woken: *mut i32) -> i32;
    fn xTaskCreate(
        code: TaskFunction,
        name: *const c_char,
        stack_words: u32,
        parameter: *mut c_void,
        priority: u32,
        handle: *mut *mut c_void,
    ) -> i32;
    fn vTaskDelete(task: *mut c_void);
    fn vTaskDelay(ticks: u32);
    fn xTaskGetCurrentTaskHandle() -> *mut c_void;
    fn xTaskGenericNotify(
        task: *mut c_void,
        index: u32,
        value: u32,
        action: u32,
        before: *mut u32,
    ) -> i32;
    fn vTaskGenericNotifyGiveFromISR(task: *mut c_void, index: u32, woken: *mut i32);
    fn ulTaskGenericNotifyTake(index: u32, clear: i32, ticks: u32) -> u32;
    fn pvPortMalloc(size: usize) -> *mut c_void;
    fn vPortFree(block: *mut c_void);
    /// `ports/riscv32`: what `portYIELD_FROM_ISR` does.
    fn vPortRequestSwitch();
}

fn switch_if(woken: i32) {
    if woken != 0 {
        // SAFETY: asks for the software interrupt, in any context.
        unsafe { vPortRequestSwitch() }
    }
}

/// A semaphore or a mutex of the kernel, deleted when dropped.
struct Queue(NonNull<c_void>);

// SAFETY: the kernel's queues are for use by every task and interrupt.
unsafe impl Send for Queue {}
// SAFETY: as above.
unsafe impl Sync for Queue {}

impl Queue {
    fn take(&self) -> bool {
        // SAFETY: a live semaphore or mutex, in a task.
        unsafe { xQueueSemaphoreTake(self.0.as_ptr(), FOR_EVER) == PASS }
    }

    fn give(&self) {
        // SAFETY: a live semaphore, or a mutex this task holds. A full semaphore refuses, and is given already.
        let _full = unsafe { xQueueGenericSend(self.0.as_ptr(), ptr::null(), 0, 0) };
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        // SAFETY: nobody can refer to it any more.
        unsafe { vQueueDelete(self.0.as_ptr()) }
    }
}

/// One waits, others give.
pub(crate) struct BinarySemaphore(Queue);

impl BinarySemaphore {
    pub(crate) fn new() -> Option<Self> {
        // SAFETY: one item without bytes; null when there is no room.
        NonNull::new(unsafe { xQueueGenericCreate(1, 0, TYPE_BINARY) })
            .map(|queue| Self(Queue(queue)))
    }

    /// In any context.
    pub(crate) fn give(&self) {
        if inside_interrupt() {
            let mut woken = 0;
            // SAFETY: a live semaphore. A full one refuses, and is given already.
            let _full = unsafe { xQueueGiveFromISR(self.0.0.as_ptr(), &raw mut woken) };
            switch_if(woken);
        } else {
            self.0.give();
        }
    }

    /// A time-out of the longest wait only means to look again.
    pub(crate) fn take(&self) {
        let _taken = self.0.take();
    }
}

/// A mutex with priority inheritance.
pub(crate) struct TaskLock(Queue);

impl TaskLock {
    pub(crate) fn new() -> Option<Self> {
        // SAFETY: a kind the kernel has; null when there is no room.
        NonNull::new(unsafe { xQueueCreateMutex(TYPE_MUTEX) }).map(|queue| Self(Queue(queue)))
    }

    pub(crate) fn with<R>(&self, f: impl FnOnce() -> R) -> R {
        while !self.0.take() {}
        let result = f();
        self.0.give();
        result
    }
}

/// The running task's handle; null before the first task is made. To compare, or for a function of the kernel.
///
/// Context: any; in an interrupt it is the interrupted task.
#[must_use]
pub fn current_task() -> *mut () {
    // SAFETY: reads one word.
    unsafe { xTaskGetCurrentTaskHandle() }.cast()
}

/// Counts the task's notification 0 up, in any context.
///
/// # Safety
/// `task` is the handle of a task that is not deleted.
pub(crate) unsafe fn notify(task: *mut ()) {
    if inside_interrupt() {
        let mut woken = 0;
        // SAFETY: the caller's promise.
        unsafe { vTaskGenericNotifyGiveFromISR(task.cast(), NOTIFICATION, &raw mut woken) };
        switch_if(woken);
    } else {
        // SAFETY: the caller's promise. Incrementing a notification cannot fail.
        let _done =
            unsafe { xTaskGenericNotify(task.cast(), NOTIFICATION, 0, INCREMENT, ptr::null_mut()) };
    }
}

/// Waits until the calling task's notification 0 is not 0, and makes it 0.
pub(crate) fn wait_for_notification() {
    // SAFETY: in a task.
    let _count = unsafe { ulTaskGenericNotifyTake(NOTIFICATION, 1, FOR_EVER) };
}

type Body = Box<dyn FnOnce() + Send>;

/// What a new task runs: its body, and then its own deletion.
extern "C" fn begin(parameter: *mut c_void) {
    {
        // SAFETY: `spawn` made it by `Box::into_raw` for this one task.
        let body = unsafe { Box::from_raw(parameter.cast::<Body>()) };
        body();
    }
    // SAFETY: the calling task; nothing of it is left to drop.
    unsafe { vTaskDelete(ptr::null_mut()) }
}

/// As the kernel wants it: cut to 15 bytes, the rest 0.
fn terminated(name: &str) -> [u8; 16] {
    let mut buffer = [0; 16];
    for (to, from) in buffer.iter_mut().take(15).zip(name.bytes()) {
        *to = from;
    }
    buffer
}

/// `false`: no memory.
pub(crate) fn spawn(
    name: &str,
    stack_words: u16,
    priority: u8,
    body: impl FnOnce() + Send + 'static,
) -> bool {
    let body: Body = Box::new(body);
    let parameter = Box::into_raw(Box::new(body));
    // SAFETY: the kernel copies the name, which ends in a 0; the handle is not wanted.
    let made = unsafe {
        xTaskCreate(
            begin,
            terminated(name).as_ptr().cast(),
            u32::from(stack_words),
            parameter.cast(),
            u32::from(priority),
            ptr::null_mut(),
        )
    };
    if made != PASS {
        // SAFETY: no task took it.
        drop(unsafe { Box::from_raw(parameter) });
    }
    made == PASS
}

pub(crate) fn sleep_a_tick() {
    // SAFETY: in a task.
    unsafe { vTaskDelay(1) }
}

pub(crate) fn sleep_ms(milliseconds: u32) {
    // SAFETY: in a task.
    unsafe { vTaskDelay(milliseconds.saturating_mul(TICKS_A_MS)) }
}

/// Null: no memory.
pub(crate) fn malloc(size: u32) -> *mut u8 {
    let Ok(size) = usize::try_from(size) else {
        return ptr::null_mut();
    };
    // SAFETY: pvPortMalloc takes any size and answers null when it has no room.
    unsafe { pvPortMalloc(size) }.cast()
}

/// # Safety
/// `block` is what [`malloc`] gave, freed once.
pub(crate) unsafe fn free(block: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe { vPortFree(block.cast()) }
}
