import Glibc
import Machine
import Testing

@Suite("Memory of the process")
struct ProcessMemoryTests {
    @Test func `a process that forbids it is not dumped, whatever the limits were`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            guard ProcessMemory.forbidDumps() == 0, !ProcessMemory.mayBeDumped else { exit(1) }
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else { exit(2) }
            exit(limit.rlim_cur == 0 && limit.rlim_max == 0 ? 7 : 3)
        }
    }

    @Test func `without being asked nothing is forbidden`() async {
        await #expect(processExitsWith: .exitCode(7)) { exit(ProcessMemory.mayBeDumped ? 7 : 1) }
    }
}
