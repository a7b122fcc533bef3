import Foundation

/// An exchange and an engine with as many instruments and market makers as wanted, as files.
struct ScaledTrading {
    var instruments: Int
    /// Makers of each instrument, each quoting further away than the one before.
    var makersEach = 1
    /// Public order events a second and instrument.
    var eventsEach = 80
    /// Taken over from the run before, or fresh.
    var account = "fresh"
    /// Messages after which the exchange ends a connection; 0: never.
    var disconnectsAfter = 0
    /// Basis points of the innermost maker's spread; the next ones are as much further out.
    var spread = 1

    var symbols: [String] { assets.map { $0 + "USDT" } }

    private var assets: [String] {
        (0..<instruments).map { "C" + String(format: "%02d", $0) }
    }

    /// `exchange.yaml` and `scaled.yaml` in the folder.
    func write(to folder: WorkFolder) throws {
        try exchange(folder.port).write(
            toFile: folder.path("exchange.yaml"), atomically: true, encoding: .utf8)
        try engine(folder.port).write(
            toFile: folder.path("scaled.yaml"), atomically: true, encoding: .utf8)
    }

    private func exchange(_ port: UInt16) -> String {
        let own = assets.enumerated().map { index, asset in
            """
              - symbol: \(asset)USDT
                base: \(asset)
                quote: USDT
                tick: 0.01
                lot: 0.0001
                start_price: \(100 + 7 * index).50
                typical_quantity: 0.5
            """
        }
        let balances = ["10000000 USDT"] + assets.map { "1000 \($0)" }
        return """
            listen:
              port: \(port)
            symbols:
            \(own.joined(separator: "\n"))
            accounts:
              - name: demo
                credentials_file: .apus/demo-credentials.yaml
                balances: [\(balances.joined(separator: ", "))]
            fees:
              maker: 0bps
              taker: 4bps
            agents:
              events: \(eventsEach * instruments)/s
              levels: 200
            limits:
              orders_per_ten_seconds: 100000
              orders_per_day: 10000000
            faults:
              disconnect_after_messages: \(disconnectsAfter)

            """
    }

    private func engine(_ port: UInt16) -> String {
        """
        venue:
          kind: binance_spot
          environment: emulated
          emulated:
            host: localhost
            port: \(port)
        credentials:
          file: .apus/demo-credentials.yaml
        tls:
          ca_file: .apus/ca.pem
        topology:
          lanes:
            - name: lane-0
              instruments: [\(symbols.joined(separator: ", "))]
        instruments:
        \(symbols.map { "  - symbol: \($0)" }.joined(separator: "\n"))
        strategies:
        \(strategies)
        risk:
          order:
            max_notional: 10000 USDT
          instrument:
            max_exposure: 100000 USDT
            max_open_orders: 100
            order_rate: 1000/s
            cancel_rate: 1000/s
            stale_data: 30s
          strategy:
            max_exposure: 100000 USDT
            max_daily_loss: 100000 USDT
            order_rate: 1000/s
          global:
            max_exposure: 10000000 USDT
            max_open_orders: 2000
            max_daily_loss: 1000000 USDT
            order_rate: 90000/10s
            cancel_rate: 90000/10s
        journal:
          directory: .apus/journal
        reconciliation:
          account: \(account)
        control:
          socket: .apus/control.sock

        """
    }

    private var strategies: String {
        assets.flatMap { asset in
            (1...makersEach).map { place in
                """
                  - name: maker-\(asset.lowercased())-\(place)
                    kind: market_maker
                    instruments: [\(asset)USDT]
                    parameters:
                      risk_aversion: 0.02
                      arrival_decay: 4
                      horizon: 10s
                      order_size: 0.1 \(asset)
                      max_inventory: 1 \(asset)
                      min_spread: \(spread * place)bps
                      requote_ticks: 1
                      refresh: 50ms
                      volatility_halflife: 10s
                """
            }
        }.joined(separator: "\n")
    }
}
