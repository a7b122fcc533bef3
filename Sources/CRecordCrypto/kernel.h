// The pass over a text, for vectors of LANES blocks: the including file defines the vector and its
// operations, NAME, and the target. Counter mode and hash go side by side; sums of products are
// reduced once a chunk, so a record of up to a kilobyte needs one reduction.

typedef struct {
    VECTOR low;
    VECTOR middle;
    VECTOR high;
} hash_sum;

typedef struct {
    VECTOR counter;       // of the next blocks, little-endian in the last word of each
    VECTOR carry;         // the hash so far, to be added to the next block
    const __m128i *power; // of the next block
    hash_sum sum;
    const uint8_t *text;
    uint8_t *output;
} pass;

enum { WIDE = 8 * LANES * BLOCK, NARROW = 4 * LANES * BLOCK };

INLINE void absorb(pass *pass, VECTOR blocks) {
    VECTOR powers = vector_load(pass->power);
    pass->power += LANES;
    pass->sum.low = vector_xor(pass->sum.low, vector_multiply(blocks, powers, 0x00));
    pass->sum.middle = vector_xor(
        pass->sum.middle,
        vector_xor(
            vector_multiply(blocks, powers, 0x01), vector_multiply(blocks, powers, 0x10)));
    pass->sum.high = vector_xor(pass->sum.high, vector_multiply(blocks, powers, 0x11));
}

INLINE void absorb_block(pass *pass, __m128i block, __m128i power) {
    block_product product = block_multiplied(block, power);
    pass->sum.low = vector_xor(pass->sum.low, vector_from_block(product.low));
    pass->sum.middle = vector_xor(pass->sum.middle, vector_from_block(product.middle));
    pass->sum.high = vector_xor(pass->sum.high, vector_from_block(product.high));
}

INLINE __m128i reduced(const pass *pass) {
    block_product product;
    product.low = vector_folded(pass->sum.low);
    product.middle = vector_folded(pass->sum.middle);
    product.high = vector_folded(pass->sum.high);
    return block_reduced(product);
}

// Begins a chunk that hashes `blocks` blocks from here to its end.
INLINE void begin_chunk(pass *pass, const crecord_crypto_key *key, size_t blocks) {
    pass->sum.low = pass->sum.middle = pass->sum.high = vector_zero();
    pass->power = key->powers + POWERS - blocks;
}

// `width` vectors of key stream but for the last round, whose key is answered: it takes the text in.
INLINE VECTOR key_stream(pass *pass, const crecord_crypto_key *key, VECTOR *stream, const int width) {
    VECTOR round_key = vector_repeat(&key->round_keys[0]);
#pragma clang loop unroll(full)
    for (int index = 0; index < width; index++) {
        stream[index] = vector_xor(vector_counter_bytes(pass->counter), round_key);
        pass->counter = vector_add(pass->counter, vector_step());
    }
#pragma clang loop unroll(full)
    for (int round = 1; round < 10; round++) {
        round_key = vector_repeat(&key->round_keys[round]);
#pragma clang loop unroll(full)
        for (int index = 0; index < width; index++)
            stream[index] = vector_encrypt(stream[index], round_key);
    }
    if (key->rounds == MOST_ROUNDS) {
#pragma clang loop unroll(full)
        for (int round = 10; round < MOST_ROUNDS; round++) {
            round_key = vector_repeat(&key->round_keys[round]);
#pragma clang loop unroll(full)
            for (int index = 0; index < width; index++)
                stream[index] = vector_encrypt(stream[index], round_key);
        }
    }
    return vector_repeat(&key->round_keys[key->rounds]);
}

INLINE void hash(pass *pass, VECTOR ciphertext) {
    absorb(pass, vector_xor(vector_reversed(ciphertext), pass->carry));
    pass->carry = vector_zero();
}

// `width` whole vectors.
INLINE void transform(
    pass *pass, const crecord_crypto_key *key, const int width, const int is_sealing
) {
    VECTOR stream[8];
    VECTOR last_key = key_stream(pass, key, stream, width);
#pragma clang loop unroll(full)
    for (int index = 0; index < width; index++) {
        VECTOR before = vector_load(pass->text);
        VECTOR after = vector_encrypt_last(stream[index], vector_xor(last_key, before));
        vector_store(pass->output, after);
        hash(pass, is_sealing ? after : before);
        pass->text += LANES * BLOCK;
        pass->output += LANES * BLOCK;
    }
}

// The end: `count` bytes of text, fewer than NARROW, and perhaps the type behind them.
INLINE void transform_end(
    pass *pass, const crecord_crypto_key *key, size_t count, int type, const int is_sealing
) {
    VECTOR stream[4];
    VECTOR last_key = key_stream(pass, key, stream, 4);
    size_t inner = count + (type >= 0);
#pragma clang loop unroll(full)
    for (size_t index = 0; index < 4; index++) {
        size_t start = index * LANES * BLOCK;
        if (start >= inner) break;
        VECTOR before = vector_load_part(pass->text + start, count - start, inner - start, type);
        VECTOR after = vector_encrypt_last(stream[index], vector_xor(last_key, before));
        vector_store_part(pass->output + start, after, inner - start);
        hash(pass, is_sealing ? vector_part(after, inner - start) : before);
    }
}

INLINE __m128i gcm(
    const crecord_crypto_key *key, const crecord_crypto_message *message, const int is_sealing
) {
    const __m128i one = _mm_set_epi32(1, 0, 0, 0);
    __m128i first = _mm_or_si128(message->nonce, _mm_slli_epi32(one, 24));
    __m128i mask = block_encrypted(key, first);
    size_t count = message->count;
    size_t inner = count + (message->type >= 0);
    uint64_t bits = inner * 8;

    pass pass;
    pass.counter = vector_first_counter(message->nonce);
    pass.carry = vector_zero();
    pass.text = message->text;
    pass.output = message->output;
    int is_last = inner <= CHUNK;
    size_t blocks = is_last ? (inner + BLOCK - 1) / BLOCK + 1 : CHUNK_BLOCKS;
    begin_chunk(&pass, key, blocks);
    absorb_block(&pass, block_reversed(message->associated), pass.power[-1]);
    while (!is_last) {
        for (int moved = 0; moved < CHUNK; moved += WIDE) transform(&pass, key, 8, is_sealing);
        pass.carry = vector_from_block(reduced(&pass));
        count -= CHUNK;
        inner -= CHUNK;
        is_last = inner <= CHUNK;
        blocks = is_last ? (inner + BLOCK - 1) / BLOCK + 1 : CHUNK_BLOCKS;
        begin_chunk(&pass, key, blocks);
    }
    for (; count >= WIDE; count -= WIDE, inner -= WIDE) transform(&pass, key, 8, is_sealing);
    if (count >= NARROW) {
        transform(&pass, key, 4, is_sealing);
        count -= NARROW;
        inner -= NARROW;
    }
    if (inner > 0) transform_end(&pass, key, count, message->type, is_sealing);
    __m128i lengths = _mm_set_epi64x((long long)message->associated_bits, (long long)bits);
    absorb_block(&pass, lengths, key->powers[POWERS - 1]);
    return _mm_xor_si128(block_reversed(reduced(&pass)), mask);
}

KERNEL NAME(seal)(const crecord_crypto_key *key, const crecord_crypto_message *message) {
    return gcm(key, message, 1);
}

KERNEL NAME(open)(const crecord_crypto_key *key, const crecord_crypto_message *message) {
    return gcm(key, message, 0);
}
