// SPDX-License-Identifier: EUPL-1.2
#include "kits/compress/compress.h"

#include <brotli/decode.h>
#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <new>

#include "base/check.h"

namespace verbund::compress {
namespace {

constexpr std::size_t step_bytes = 64u << 10;
constexpr int gzip_window = 15 + 16;  // largest window; 16 asks zlib for the gzip format

// zlib counts in 32 bits: the input is handed over in parts.
void feed(z_stream& stream, std::string_view& rest) {
  if (stream.avail_in != 0) return;
  const std::size_t part = std::min<std::size_t>(rest.size(), std::numeric_limits<uInt>::max());
  // The library's interface lacks const; it does not write to its input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));
  stream.avail_in = static_cast<uInt>(part);
  rest.remove_prefix(part);
}

std::unexpected<Error> too_large(std::size_t limit) {
  return fail(ErrorCode::too_large, "longer than " + std::to_string(limit) + " bytes when unpacked");
}

}  // namespace

std::string gzip(std::string_view bytes, int level) {
  VERBUND_CHECK(level >= 1 && level <= 9);
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, deflateEnd);
  std::string out;
  std::array<char, step_bytes> buffer;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    feed(stream, bytes);
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    status = deflate(&stream, bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
    VERBUND_CHECK(status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  return out;
}

std::string brotli(std::string_view bytes, int quality) {
  VERBUND_CHECK(quality >= BROTLI_MIN_QUALITY && quality <= BROTLI_MAX_QUALITY);
  std::string out(BrotliEncoderMaxCompressedSize(bytes.size()), '\0');
  std::size_t size = out.size();
  const auto* in = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const BROTLI_BOOL done = BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.size(), in,
                                                 &size, reinterpret_cast<std::uint8_t*>(out.data()));
  if (done != BROTLI_TRUE) throw std::bad_alloc();  // with room for the worst case nothing else can fail
  out.resize(size);
  return out;
}

Result<std::string> unbrotli(std::string_view bytes, std::size_t limit) {
  const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
  if (!state) throw std::bad_alloc();
  std::string out;
  std::array<std::uint8_t, step_bytes> buffer;
  const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t left = bytes.size();
  for (;;) {
    std::uint8_t* to = buffer.data();
    std::size_t room = buffer.size();
    const BrotliDecoderResult result = BrotliDecoderDecompressStream(state.get(), &left, &next, &room, &to, nullptr);
    const std::size_t got = buffer.size() - room;
    if (out.size() + got > limit) return too_large(limit);
    out.append(reinterpret_cast<const char*>(buffer.data()), got);
    if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) continue;
    if (result == BROTLI_DECODER_RESULT_SUCCESS && left == 0) return out;
    if (result == BROTLI_DECODER_RESULT_SUCCESS) return fail(ErrorCode::invalid, "something follows the brotli data");
    if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
      return fail(ErrorCode::invalid, "the brotli data ends too early");
    return fail(ErrorCode::invalid, "no brotli data");
  }
}

Result<std::string> ungzip(std::string_view bytes, std::size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  std::string out;
  std::array<char, step_bytes> buffer;
  for (;;) {
    feed(stream, bytes);
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = buffer.size() - stream.avail_out;
    if (out.size() + got > limit) return too_large(limit);
    out.append(buffer.data(), got);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_BUF_ERROR) return fail(ErrorCode::invalid, "the gzip data ends too early");
    if (status != Z_OK && status != Z_STREAM_END) {
      return fail(ErrorCode::invalid, std::string("no gzip data: ") + (stream.msg ? stream.msg : "broken"));
    }
    if (status == Z_OK) continue;
    // A gzip file may hold several members one after another (RFC 1952, 2.2).
    if (stream.avail_in == 0 && bytes.empty()) return out;
    if (inflateReset(&stream) != Z_OK) return fail(ErrorCode::invalid, "no gzip data");
  }
}

}  // namespace verbund::compress
