//! The kernel's functions, as `queue.h` and `task.h` of V11 declare them for 32-bit processors, and the little that makes
//! them safe to call: handles that are never null, outcomes instead of `BaseType_t`.
#![allow(unsafe_code, reason = "the kernel's C functions")]

use core::ffi::{c_char, c_void};
use core::ptr::{self, NonNull};

type BaseType = i32;
type UBaseType = u32;
type TickType = u32;

const PD_TRUE: BaseType = 1;
/// `queueSEND_TO_BACK`, `queueSEND_TO_FRONT`.
const TO_BACK: BaseType = 0;
const TO_FRONT: BaseType = 1;
/// `queueQUEUE_TYPE_BASE`, `queueQUEUE_TYPE_MUTEX`, `queueQUEUE_TYPE_RECURSIVE_MUTEX`.
const TYPE_QUEUE: u8 = 0;
const TYPE_MUTEX: u8 = 1;
const TYPE_RECURSIVE_MUTEX: u8 = 4;
/// `taskSCHEDULER_NOT_STARTED`, `taskSCHEDULER_RUNNING`.
const NOT_STARTED: BaseType = 1;
const RUNNING: BaseType = 2;

type TaskFunction = extern "C" fn(*mut c_void);

#[allow(
    clashing_extern_declarations,
    reason = "handles are opaque; each crate names them its own way"
)]
unsafe extern "C" {
    fn xQueueGenericCreate(length: UBaseType, item_size: UBaseType, kind: u8) -> *mut c_void;
    fn xQueueCreateCountingSemaphore(max: UBaseType, initial: UBaseType) -> *mut c_void;
    fn xQueueCreateMutex(kind: u8) -> *mut c_void;
    fn vQueueDelete(queue: *mut c_void);
    fn xQueueSemaphoreTake(queue: *mut c_void, ticks: TickType) -> BaseType;
    fn xQueueTakeMutexRecursive(queue: *mut c_void, ticks: TickType) -> BaseType;
    fn xQueueGiveMutexRecursive(queue: *mut c_void) -> BaseType;
    fn xQueueGiveFromISR(queue: *mut c_void, woken: *mut BaseType) -> BaseType;
    fn xQueueGenericSend(
        queue: *mut c_void,
        item: *const c_void,
        ticks: TickType,
        place: BaseType,
    ) -> BaseType;
    fn xQueueGenericSendFromISR(
        queue: *mut c_void,
        item: *const c_void,
        woken: *mut BaseType,
        place: BaseType,
    ) -> BaseType;
    fn xQueueReceive(queue: *mut c_void, item: *mut c_void, ticks: TickType) -> BaseType;
    fn xQueueReceiveFromISR(
        queue: *mut c_void,
        item: *mut c_void,
        woken: *mut BaseType,
    ) -> BaseType;
    fn uxQueueMessagesWaitingFromISR(queue: *mut c_void) -> UBaseType;
    fn uxQueueGetQueueItemSize(queue: *mut c_void) -> UBaseType;

    fn xTaskCreate(
        code: TaskFunction,
        name: *const c_char,
        stack_words: u32,
        parameter: *mut c_void,
        priority: UBaseType,
        handle: *mut *mut c_void,
    ) -> BaseType;
    fn vTaskDelete(task: *mut c_void);
    fn vTaskDelay(ticks: TickType);
    fn vTaskSuspendAll();
    fn xTaskResumeAll() -> BaseType;
    fn xTaskGetCurrentTaskHandle() -> *mut c_void;
    fn xTaskGetSchedulerState() -> BaseType;
    fn uxTaskPriorityGet(task: *mut c_void) -> UBaseType;
    fn uxTaskPriorityGetFromISR(task: *mut c_void) -> UBaseType;
    fn vTaskPrioritySet(task: *mut c_void, priority: UBaseType);
    fn pvTaskGetThreadLocalStoragePointer(task: *mut c_void, index: BaseType) -> *mut c_void;
    fn vTaskSetThreadLocalStoragePointer(task: *mut c_void, index: BaseType, value: *mut c_void);

    /// The port's yield, which `portYIELD()` stands for.
    fn vPortYield();
}

/// What a function for interrupts says: whether it worked, and whether a task woke that should run now.
#[derive(Clone, Copy)]
pub(crate) struct FromInterrupt {
    pub(crate) done: bool,
    pub(crate) woken: bool,
}

impl FromInterrupt {
    fn of(call: impl FnOnce(*mut BaseType) -> BaseType) -> Self {
        let mut woken: BaseType = 0;
        let done = call(&raw mut woken) == PD_TRUE;
        Self {
            done,
            woken: woken != 0,
        }
    }
}

/// A queue, semaphore or mutex of the kernel, alive.
#[derive(Clone, Copy)]
pub(crate) struct Handle(NonNull<c_void>);

// SAFETY: the kernel's queues are for use by every task and interrupt.
unsafe impl Send for Handle {}

impl Handle {
    /// # Safety
    /// `pointer` is what [`Self::as_ptr`] gave, of something not yet deleted.
    pub(crate) unsafe fn from_ptr(pointer: NonNull<()>) -> Self {
        Self(pointer.cast())
    }

    pub(crate) fn as_ptr(self) -> NonNull<()> {
        self.0.cast()
    }

    fn raw(self) -> *mut c_void {
        self.0.as_ptr()
    }

    /// `None`: no memory. The kernel refuses a length of 0, which becomes 1.
    pub(crate) fn queue(length: usize, item_size: usize) -> Option<Self> {
        let length = UBaseType::try_from(length.max(1)).ok()?;
        let item_size = UBaseType::try_from(item_size).ok()?;
        // SAFETY: any length above 0 and any size; null when there is no room.
        NonNull::new(unsafe { xQueueGenericCreate(length, item_size, TYPE_QUEUE) }).map(Self)
    }

    /// `None`: no memory. The kernel refuses a maximum of 0 and an initial count above it.
    pub(crate) fn counting(max: u32, initial: u32) -> Option<Self> {
        let max = max.max(1);
        // SAFETY: the maximum is above 0 and the initial count not above it; null when there is no room.
        NonNull::new(unsafe { xQueueCreateCountingSemaphore(max, initial.min(max)) }).map(Self)
    }

    pub(crate) fn mutex() -> Option<Self> {
        // SAFETY: a kind the kernel has; null when there is no room.
        NonNull::new(unsafe { xQueueCreateMutex(TYPE_MUTEX) }).map(Self)
    }

    pub(crate) fn recursive_mutex() -> Option<Self> {
        // SAFETY: as above.
        NonNull::new(unsafe { xQueueCreateMutex(TYPE_RECURSIVE_MUTEX) }).map(Self)
    }

    /// # Safety
    /// Nobody waits for it, and nobody uses it any more.
    pub(crate) unsafe fn delete(self) {
        // SAFETY: alive until here, and the last use by the caller's promise.
        unsafe { vQueueDelete(self.raw()) }
    }

    pub(crate) fn take(self, ticks: u32) -> bool {
        // SAFETY: a live semaphore or mutex. The caller chose 0 ticks where it may not block.
        unsafe { xQueueSemaphoreTake(self.raw(), ticks) == PD_TRUE }
    }

    pub(crate) fn take_recursive(self, ticks: u32) -> bool {
        // SAFETY: a live recursive mutex, in a task.
        unsafe { xQueueTakeMutexRecursive(self.raw(), ticks) == PD_TRUE }
    }

    pub(crate) fn give(self) -> bool {
        // SAFETY: a live semaphore, whose items have no bytes, or a mutex its holder gives back.
        unsafe { xQueueGenericSend(self.raw(), ptr::null(), 0, TO_BACK) == PD_TRUE }
    }

    pub(crate) fn give_recursive(self) -> bool {
        // SAFETY: a live recursive mutex; the kernel refuses who does not hold it.
        unsafe { xQueueGiveMutexRecursive(self.raw()) == PD_TRUE }
    }

    pub(crate) fn give_from_interrupt(self) -> FromInterrupt {
        // SAFETY: a live semaphore, no mutex.
        FromInterrupt::of(|woken| unsafe { xQueueGiveFromISR(self.raw(), woken) })
    }

    pub(crate) fn take_from_interrupt(self) -> FromInterrupt {
        // SAFETY: a live semaphore, no mutex; its items have no bytes.
        FromInterrupt::of(|woken| unsafe {
            xQueueReceiveFromISR(self.raw(), ptr::null_mut(), woken)
        })
    }

    /// # Safety
    /// `item` has as many bytes as the queue's items.
    pub(crate) unsafe fn send(self, item: *const u8, ticks: u32, front: bool) -> bool {
        let place = if front { TO_FRONT } else { TO_BACK };
        // SAFETY: a live queue and an item of its size.
        unsafe { xQueueGenericSend(self.raw(), item.cast(), ticks, place) == PD_TRUE }
    }

    /// # Safety
    /// `item` has as many bytes as the queue's items.
    pub(crate) unsafe fn send_from_interrupt(self, item: *const u8, front: bool) -> FromInterrupt {
        let place = if front { TO_FRONT } else { TO_BACK };
        FromInterrupt::of(|woken| {
            // SAFETY: a live queue and an item of its size.
            unsafe { xQueueGenericSendFromISR(self.raw(), item.cast(), woken, place) }
        })
    }

    /// # Safety
    /// `item` has room for an item of the queue.
    pub(crate) unsafe fn receive(self, item: *mut u8, ticks: u32) -> bool {
        // SAFETY: a live queue and room for an item.
        unsafe { xQueueReceive(self.raw(), item.cast(), ticks) == PD_TRUE }
    }

    /// # Safety
    /// `item` has room for an item of the queue.
    pub(crate) unsafe fn receive_from_interrupt(self, item: *mut u8) -> FromInterrupt {
        // SAFETY: a live queue and room for an item.
        FromInterrupt::of(|woken| unsafe { xQueueReceiveFromISR(self.raw(), item.cast(), woken) })
    }

    /// In any context.
    pub(crate) fn count(self) -> u32 {
        // SAFETY: a live queue; reads one word.
        unsafe { uxQueueMessagesWaitingFromISR(self.raw()) }
    }

    pub(crate) fn item_size(self) -> usize {
        // SAFETY: a live queue; reads one word.
        unsafe { uxQueueGetQueueItemSize(self.raw()) as usize }
    }
}

/// A task of the kernel, alive.
#[derive(Clone, Copy)]
pub(crate) struct Task(NonNull<c_void>);

impl Task {
    /// # Safety
    /// `pointer` is what [`Self::as_ptr`] gave, of a task not yet deleted.
    pub(crate) unsafe fn from_ptr(pointer: NonNull<()>) -> Self {
        Self(pointer.cast())
    }

    pub(crate) fn as_ptr(self) -> NonNull<()> {
        self.0.cast()
    }

    /// The running task, in an interrupt the interrupted one. `None` before the first task is made.
    pub(crate) fn current() -> Option<Self> {
        // SAFETY: reads one word.
        NonNull::new(unsafe { xTaskGetCurrentTaskHandle() }).map(Self)
    }

    /// Makes a task that runs `code`; its thread-local pointers are `local` before it begins. `name` ends in a 0.
    pub(crate) fn create(
        code: TaskFunction,
        name: &[u8; 16],
        stack_words: u32,
        parameter: *mut c_void,
        priority: u32,
        local: (i32, *mut c_void),
    ) -> Option<Self> {
        let mut handle = ptr::null_mut();
        // Suspended, so that a task of a higher priority does not begin before it has its pointer.
        let suspend = is_running();
        if suspend {
            // SAFETY: a task, interrupts on: the caller made sure.
            unsafe { vTaskSuspendAll() };
        }
        // SAFETY: the kernel copies the name, which ends in a 0, and writes the handle before it returns.
        let made = unsafe {
            xTaskCreate(
                code,
                name.as_ptr().cast(),
                stack_words,
                parameter,
                priority,
                &raw mut handle,
            )
        };
        let task = NonNull::new(handle).filter(|_| made == PD_TRUE).map(Self);
        if let Some(task) = task {
            task.set_local(local.0, local.1);
        }
        if suspend {
            // SAFETY: suspended above.
            let _switched = unsafe { xTaskResumeAll() };
        }
        task
    }

    pub(crate) fn local(self, index: i32) -> *mut c_void {
        // SAFETY: a live task; an index the kernel does not know is null.
        unsafe { pvTaskGetThreadLocalStoragePointer(self.0.as_ptr(), index) }
    }

    pub(crate) fn set_local(self, index: i32, value: *mut c_void) {
        // SAFETY: a live task.
        unsafe { vTaskSetThreadLocalStoragePointer(self.0.as_ptr(), index, value) }
    }

    /// Deletes it. Does not return for the running task.
    ///
    /// # Safety
    /// Nobody uses the handle any more.
    pub(crate) unsafe fn delete(self) {
        // SAFETY: alive until here; in a task, interrupts on.
        unsafe { vTaskDelete(self.0.as_ptr()) }
    }

    pub(crate) fn priority(self, from_interrupt: bool) -> u32 {
        if from_interrupt {
            // SAFETY: a live task.
            unsafe { uxTaskPriorityGetFromISR(self.0.as_ptr()) }
        } else {
            // SAFETY: a live task.
            unsafe { uxTaskPriorityGet(self.0.as_ptr()) }
        }
    }

    pub(crate) fn set_priority(self, priority: u32) {
        // SAFETY: a live task, in a task.
        unsafe { vTaskPrioritySet(self.0.as_ptr(), priority) }
    }
}

/// Whether the scheduler was started, suspended or not.
pub(crate) fn is_started() -> bool {
    // SAFETY: reads two words.
    unsafe { xTaskGetSchedulerState() != NOT_STARTED }
}

/// Whether the scheduler switches tasks.
pub(crate) fn is_running() -> bool {
    // SAFETY: reads two words.
    unsafe { xTaskGetSchedulerState() == RUNNING }
}

/// Sleeps for so many ticks, in a task.
pub(crate) fn delay(ticks: u32) {
    // SAFETY: the scheduler runs and the caller may block.
    unsafe { vTaskDelay(ticks) }
}

/// Lets another task of the same priority run.
pub(crate) fn yield_now() {
    // SAFETY: a task, interrupts on.
    unsafe { vPortYield() }
}
