"""What python-binance offers of the spot API and these checks leave out, by the reason."""

REST = {
    "the venue itself has removed it (user streams come with the WebSocket API)":
        "stream_close stream_get_listen_key stream_keepalive",
    "asks for a path that the venue does not have; cancel_replace_order asks for the right one":
        "v3_post_cancel_replace",
}

WEBSOCKETS = {
    "futures, another API of the venue":
        "ws_futures_account_balance ws_futures_account_position ws_futures_account_status"
        " ws_futures_cancel_algo_order ws_futures_cancel_order ws_futures_create_algo_order"
        " ws_futures_create_order ws_futures_edit_order ws_futures_get_all_tickers"
        " ws_futures_get_order ws_futures_get_order_book ws_futures_get_order_book_ticker"
        " ws_futures_v2_account_balance ws_futures_v2_account_position"
        " ws_futures_v2_account_status",
}
