// A thread-local pool under OpenSSL: SSL_write and SSL_read allocate small blocks for every
// record, and a lane may not enter the C library's allocator. Blocks carry their size class, so
// one freed on another thread simply joins that thread's list.
#include "COpenSSL.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    CLASS_BYTES = 64,
    CLASS_COUNT = 32,    // up to 2 KiB; larger blocks go to the C library
    KEPT_PER_CLASS = 64, // bounds what a thread holds back to about 2 MiB
    NO_CLASS = CLASS_COUNT,
};

typedef struct {
    size_t size_class;
    size_t capacity;
} block_header;

typedef struct free_block {
    struct free_block *next;
} free_block;

typedef enum { THREAD_NEW, THREAD_POOLING, THREAD_ENDING } thread_state;

static _Thread_local struct {
    free_block *lists[CLASS_COUNT];
    unsigned kept[CLASS_COUNT];
    thread_state state;
    copenssl_pool_statistics statistics;
} pool;

static pthread_key_t thread_end_key;
static int installed;

static void *payload_of(block_header *header) { return header + 1; }

static block_header *header_of(void *payload) { return (block_header *)payload - 1; }

static void release_lists(void *unused) {
    pool.state = THREAD_ENDING;
    for (int index = 0; index < CLASS_COUNT; index++) {
        while (pool.lists[index]) {
            free_block *block = pool.lists[index];
            pool.lists[index] = block->next;
            free(header_of(block));
        }
    }
}

static void *pool_malloc(size_t count, const char *file, int line) {
    if (count == 0) return NULL;
    size_t index = (count - 1) / CLASS_BYTES;
    if (index < CLASS_COUNT && pool.lists[index]) {
        free_block *block = pool.lists[index];
        pool.lists[index] = block->next;
        pool.kept[index]--;
        pool.statistics.pooled_allocations++;
        return block;
    }
    size_t capacity = index < CLASS_COUNT ? (index + 1) * CLASS_BYTES : count;
    if (capacity > SIZE_MAX - sizeof(block_header)) return NULL;
    block_header *header = malloc(sizeof(block_header) + capacity);
    pool.statistics.libc_allocations++;
    if (!header) return NULL;
    header->size_class = index < CLASS_COUNT ? index : NO_CLASS;
    header->capacity = capacity;
    return payload_of(header);
}

static void pool_free(void *payload, const char *file, int line) {
    if (!payload) return;
    block_header *header = header_of(payload);
    size_t index = header->size_class;
    if (pool.state == THREAD_NEW && pthread_setspecific(thread_end_key, &pool) == 0)
        pool.state = THREAD_POOLING;
    // Sessions are among the large blocks, with secrets that OpenSSL does not wipe.
    if (index == NO_CLASS) OPENSSL_cleanse(payload, header->capacity);
    if (index == NO_CLASS || pool.state != THREAD_POOLING || pool.kept[index] == KEPT_PER_CLASS) {
        pool.statistics.libc_frees++;
        free(header);
        return;
    }
    free_block *block = payload;
    block->next = pool.lists[index];
    pool.lists[index] = block;
    pool.kept[index]++;
}

static void *pool_realloc(void *payload, size_t count, const char *file, int line) {
    if (!payload) return pool_malloc(count, file, line);
    if (count == 0) {
        pool_free(payload, file, line);
        return NULL;
    }
    size_t capacity = header_of(payload)->capacity;
    if (count <= capacity) return payload;
    void *larger = pool_malloc(count, file, line);
    if (!larger) return NULL;
    memcpy(larger, payload, capacity);
    pool_free(payload, file, line);
    return larger;
}

// OpenSSL accepts an allocator only before its first allocation: earlier than any Swift code.
__attribute__((constructor)) static void install(void) {
    if (pthread_key_create(&thread_end_key, release_lists) != 0) return;
    installed = CRYPTO_set_mem_functions(pool_malloc, pool_realloc, pool_free);
}

int copenssl_pool_is_installed(void) { return installed; }

copenssl_pool_statistics copenssl_pool_read_statistics(void) { return pool.statistics; }
