import Glibc
import Synchronization

/// Opens once; everyone who waits goes on.
final class Latch: @unchecked Sendable {
    // SAFETY (unchecked): the semaphore is made for use by several threads.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func open() { sem_post(semaphore) }

    func wait() {
        while sem_wait(semaphore) != 0 {}
        // For the next one who waits.
        sem_post(semaphore)
    }
}

/// Runs its action for the first caller; the others wait until it is done.
final class JoinOnce: Sendable {
    private let isDone = Mutex(false)

    func run(_ action: () -> Void) {
        isDone.withLock { done in
            if !done { action() }
            done = true
        }
    }
}
