import Testing

@testable import Machine

@Suite("Tuning: the kernel's texts")
struct TuningParsingTests {
    @Test(arguments: [
        ("", []), ("0", [0]), ("0-3", [0, 1, 2, 3]), ("8,0-1,1-2", [0, 1, 2, 8]),
        ("domain,managed_irq,2-3", [2, 3]), ("4095", [4095]),
    ] as [(String, [Int])])
    func `a core list is read as the kernel writes it`(text: String, cores: [Int]) {
        #expect(CoreList.parse(text) == cores)
    }

    @Test(arguments: ["3-1", "-1", "1-", "1-2-3", "4096", "0-99999999999999999999", "0-15:2/4", "1;2"])
    func `what is no core list is refused`(text: String) {
        #expect(CoreList.parse(text) == nil)
    }

    @Test(arguments: [
        ([], "none"), ([5], "5"), ([3, 1, 2], "1-3"), ([0, 2, 3, 7, 2], "0,2-3,7"),
    ] as [([Int], String)])
    func `a core list is written in its shortest form`(cores: [Int], text: String) {
        #expect(CoreList.text(cores) == text)
    }

    @Test func `the kernel's command line counts a word's last value`() {
        let line = KernelCommandLine("quiet isolcpus=1 nohz_full=2-3 isolcpus=managed_irq,2-3\n")
        #expect(line["isolcpus"] == "managed_irq,2-3" && line["nohz_full"] == "2-3")
        #expect(line["quiet"] == "" && line["cpus"] == nil)
    }

    /// Lines of three machines: virtio, an Intel card, a Mellanox card, and neighbours of each.
    static let interrupts = """
                   CPU0       CPU1
          0:         45          0  IR-IO-APIC    2-edge      timer
         38:          0      10296  PCI-MSIX-0000:00:03.0   1-edge      virtio2-input.0
         39:       8319          0  PCI-MSIX-0000:00:03.0   2-edge      virtio2-output.0
         40:          0          0  PCI-MSIX-0000:00:04.0   0-edge      virtio20-config
        120:          1          2  IR-PCI-MSI 1572864-edge      eth1-TxRx-0
        121:          1          2  IR-PCI-MSI 1572865-edge      eth10-TxRx-0
        122:          1          2  IR-PCI-MSI 1572866-edge      eth1
        130:          7          0  IR-PCI-MSI 2097152-edge      mlx5_comp0@pci:0000:04:00.0
        131:          7          0  IR-PCI-MSI 2097153-edge      mlx5_comp1@pci:0000:04:00.1
        NMI:          0          0   Non-maskable interrupts virtio2-input.0
        """

    @Test(arguments: [
        (["eth0", "virtio2"], [38, 39]), (["eth1", "0000:03:00.0"], [120, 122]),
        (["enp4s0", "0000:04:00.0"], [130]), (["eth3", "0000:00:04.0"], [40]), (["", "lo"], []),
    ] as [([String], [Int])])
    func `an interface's interrupts are told from its neighbours'`(names: [String], numbers: [Int]) {
        #expect(InterruptTable.numbers(in: Self.interrupts, of: names) == numbers)
    }

    @Test func `swap is counted in bytes and damaged lines are passed over`() {
        let text = """
            Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority
            /dev/dm-1                               partition\t2097148\t\t1024\t\t-2
            /swap with blanks                       file\t\t1024\t\t0\t\t-3
            /broken                                 file\t\t99999999999999999\t\t0\t\t-3
            /short 1 2
            """
        let (total, used) = SwapTable.bytes(in: text)
        #expect(total == (2_097_148 + 1024) * 1024 && used == 1024 * 1024)
        #expect(SwapTable.bytes(in: "") == (0, 0))
    }

    @Test func `the word in force is the one in brackets`() {
        #expect(SystemTree.chosenWord("always [madvise] never") == "madvise")
        #expect(SystemTree.chosenWord("madvise") == "madvise")
        #expect(SystemTree.chosenWord("] odd [") == "] odd [")
    }
}
