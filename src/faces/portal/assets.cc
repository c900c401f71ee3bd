// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/assets.h"

#include <array>

#include "base/check.h"
#include "kits/compress/compress.h"
#include "kits/crypto/digest.h"
#include "kits/embed/embed.h"
#include "kits/http/representations.h"

namespace verbund::embedded {
std::span<const embed::File> portal_web();
}  // namespace verbund::embedded

namespace verbund::portal {
namespace {

constexpr int brotli_quality = 9;   // 11 takes eight times as long for a fifteenth less

struct Source {
  const char* name;
  const char* path;
  const char* media_type;
};
constexpr std::array<Source, 11> sources = {{
    {"suggest.js", "script/suggest.js", "text/javascript; charset=utf-8"},
    {"counter.js", "script/counter.js", "text/javascript; charset=utf-8"},
    {"embed.js", "script/embed.js", "text/javascript; charset=utf-8"},
    {"frame.js", "script/frame.js", "text/javascript; charset=utf-8"},
    {"favicon.svg", "images/favicon.svg", "image/svg+xml"},
    {"offline.js", "script/offline.js", "text/javascript; charset=utf-8"},
    {"icon-180.png", "images/icon-180.png", "image/png"},
    {"icon-192.png", "images/icon-192.png", "image/png"},
    {"icon-512.png", "images/icon-512.png", "image/png"},
    {"icon-maskable.png", "images/icon-maskable.png", "image/png"},
    {"preview.png", "images/preview.png", "image/png"},
}};

}  // namespace

Assets::Assets() {
  for (const Source& source : sources) {
    const std::string_view bytes = embed::find(embedded::portal_web(), source.path);
    VERBUND_CHECK(bytes.data() != nullptr);
    Asset asset;
    asset.hash = crypto::sha256_hex(bytes).substr(0, 16);
    asset.url = "/assets/" + asset.hash + "/" + source.name;
    asset.media_type = source.media_type;
    asset.bytes = std::make_shared<const std::string>(bytes);
    if (asset.media_type != "image/png") {
      const auto smaller = [&](std::string packed) {
        return packed.size() < bytes.size() ? std::make_shared<const std::string>(std::move(packed)) : Bytes();
      };
      asset.brotli = smaller(compress::brotli(*asset.bytes, brotli_quality));
      asset.gzip = smaller(compress::gzip(*asset.bytes));
    }
    assets_.emplace(source.name, std::move(asset));
  }
}

const std::string& Assets::url(std::string_view name) const {
  auto found = assets_.find(name);
  VERBUND_CHECK(found != assets_.end());
  return found->second.url;
}

http::Response Assets::send(const Asset& asset, const http::Request& request, std::string keep) {
  http::Response response;
  response.body = asset.bytes;
  response.reusable = true;
  response.header("Content-Type", asset.media_type).header("Cache-Control", std::move(keep));
  if (!asset.brotli && !asset.gzip) return response;
  const http::Coding coding = http::choose_coding(request.header("accept-encoding"));
  if (coding == http::Coding::identity) return response;
  const Bytes& packed = coding == http::Coding::brotli ? asset.brotli : asset.gzip;
  if (!packed) return response;
  response.body = packed;
  return response.header("Content-Encoding", coding == http::Coding::brotli ? "br" : "gzip")
      .header("Vary", "Accept-Encoding");
}

http::Response Assets::answer(std::string_view hash, std::string_view name, const http::Request& request) const {
  auto found = assets_.find(name);
  if (found == assets_.end()) return http::text(404, "Diese Datei gibt es nicht.\n");
  const Asset& asset = found->second;
  if (asset.hash != hash) {  // a page from before an update still asks for its old files
    http::Response response = http::redirect(302, asset.url);
    response.header("Cache-Control", "no-store");
    return response;
  }
  return send(asset, request, "public, max-age=31536000, immutable");
}

http::Response Assets::icon(const http::Request& request) const {
  return send(assets_.find("favicon.svg")->second, request, "public, max-age=86400");
}

http::Response Assets::embed_script(const http::Request& request) const {
  return send(assets_.find("embed.js")->second, request, "public, max-age=3600")
      .header("Cross-Origin-Resource-Policy", "cross-origin");
}

}  // namespace verbund::portal
