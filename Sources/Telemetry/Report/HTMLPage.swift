/// One self-contained page: style and plots inline, nothing fetched, light and dark.
package struct HTMLPage {
    let title: String
    let body: String

    /// `body` is HTML; `title` is plain text.
    package init(title: String, body: String) {
        self.title = title
        self.body = body
    }

    package var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(HTML.escaped(title))</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }

    /// A table's cells as HTML; empty without rows.
    package static func table(_ table: TextTable) -> String {
        guard !table.rows.isEmpty else { return "" }
        func row(_ cells: [String], _ element: String) -> String {
            let content = zip(cells, table.columns).map { cell, column in
                let style = column.alignment == .left ? " class=\"left\"" : ""
                return "<\(element)\(style)>\(HTML.escaped(cell))</\(element)>"
            }
            return "<tr>" + content.joined() + "</tr>"
        }
        let head = row(table.columns.map(\.title), "th")
        let rows = table.rows.map { row($0, "td") }.joined(separator: "\n")
        return "<div class=\"scroll\"><table>\n\(head)\n\(rows)\n</table></div>"
    }

    static let style = """
        :root { color-scheme: light dark; --back: #fff; --fore: #1a1d21; --soft: #667085;
          --line: #dfe3e8; --c0: #1667c5; --c1: #c2410c; --c2: #15803d; --c3: #9333ea;
          --c4: #b45309; --c5: #0e7490; --c6: #be185d; --c7: #4b5563; }
        @media (prefers-color-scheme: dark) { :root { --back: #14171a; --fore: #e6e8eb;
          --soft: #98a2b3; --line: #2f353c; --c0: #60a5fa; --c1: #fb923c; --c2: #4ade80;
          --c3: #c084fc; --c4: #fbbf24; --c5: #22d3ee; --c6: #f472b6; --c7: #9ca3af; } }
        * { box-sizing: border-box; }
        body { background: var(--back); color: var(--fore); max-width: 62rem; margin: 2rem auto;
          padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
        p { margin: .2rem 0; } .lead { color: var(--soft); }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
          gap: .75rem; margin: 1.25rem 0; }
        .tiles div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
        dt { color: var(--soft); font-size: .8rem; } dd { margin: 0; font-size: 1.1rem;
          font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: .25rem .6rem; white-space: nowrap;
          border-bottom: 1px solid var(--line); }
        th { color: var(--soft); font-weight: 500; } .left { text-align: left; }
        rect.c0 { fill: var(--c0); } rect.c1 { fill: var(--c1); }
        svg { width: 100%; height: auto; font: 11px system-ui, sans-serif; }
        svg text { fill: var(--soft); } .grid { stroke: var(--line); }
        .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
        .c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); }
        .c3 { stroke: var(--c3); } .c4 { stroke: var(--c4); } .c5 { stroke: var(--c5); }
        .c6 { stroke: var(--c6); } .c7 { stroke: var(--c7); }
        """
}
