/// Draws snapshots on a terminal without flicker: only lines that changed are written.
///
/// Owned by one thread or task. Create it when standard output is a terminal, otherwise use
/// ``PlainReporter``.
public struct LivePanel {
    private let hasColour: Bool
    private var shown: [StyledLine] = []
    private var size: (width: Int, height: Int) = (0, 0)

    /// Enters the alternate screen at once.
    public init(abilities: TerminalScreen.Abilities) {
        hasColour = abilities.hasColour
        TerminalScreen.enter()
    }

    /// Shows `snapshot`, following the terminal's size.
    public mutating func draw(_ snapshot: EngineSnapshot) {
        let isShown = TerminalScreen.write(frame(for: snapshot, size: TerminalScreen.size()))
        // The next picture is drawn whole.
        if !isShown { size = (0, 0) }
    }

    /// Leaves the alternate screen.
    public func close() { TerminalScreen.restore() }

    init(hasColour: Bool) { self.hasColour = hasColour }

    /// The bytes that turn what is shown into `snapshot`'s picture.
    ///
    /// Wrapped in a synchronised update (private mode 2026), which terminals without it ignore.
    mutating func frame(
        for snapshot: EngineSnapshot, size: (width: Int, height: Int)
    ) -> String {
        let lines = PanelLayout.styledLines(
            for: snapshot, width: size.width, height: size.height)
        var output = "\u{1B}[?2026h"
        if size != self.size {
            output += "\u{1B}[2J"
            shown = []
            self.size = size
        }
        for row in 0..<max(lines.count, shown.count) {
            let line = row < lines.count ? lines[row] : StyledLine()
            if row < shown.count, shown[row] == line { continue }
            output += "\u{1B}[\(row + 1);1H" + (hasColour ? line.ansi : line.plain) + "\u{1B}[K"
        }
        shown = lines
        return output + "\u{1B}[?2026l"
    }
}
