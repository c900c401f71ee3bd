// SPDX-License-Identifier: EUPL-1.2
#include "kits/token/token.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <vector>

namespace verbund::token {
namespace {

constexpr std::array<unsigned char, 5> ed25519_oid = {0x06, 0x03, 0x2b, 0x65, 0x70};   // 1.3.101.112, RFC 8410
constexpr CK_ULONG most_slots = 64;

std::unexpected<Error> failed(const char* what, CK_RV reason) {
  char code[24];
  std::snprintf(code, sizeof code, "0x%lx", reason);
  const ErrorCode kind = reason == CKR_PIN_INCORRECT || reason == CKR_PIN_LOCKED ? ErrorCode::conflict
                                                                                  : ErrorCode::unavailable;
  const std::string pin = reason == CKR_PIN_INCORRECT ? " (the PIN is wrong)"
                        : reason == CKR_PIN_LOCKED    ? " (the PIN is locked)"
                                                      : "";
  return fail(kind, std::string("the token does not ") + what + ": PKCS#11 error " + code + pin);
}

// A module belongs to the process, not to who uses it (C_Initialize counts once): it is loaded once and stays.
struct Module {
  CK_FUNCTION_LIST* functions = nullptr;
  int sessions = 0;
};
std::mutex modules_mutex;               // of what follows
std::map<std::string, Module>& modules() {
  static std::map<std::string, Module> loaded;
  return loaded;
}

// Counts who uses a module: only where nobody does it may begin anew.
class Use {
 public:
  explicit Use(std::string path) : path_(std::move(path)) {
    const std::lock_guard guard(modules_mutex);
    ++modules()[path_].sessions;
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() {
    const std::lock_guard guard(modules_mutex);
    --modules()[path_].sessions;
  }

 private:
  std::string path_;
};

CK_RV begin(CK_FUNCTION_LIST* functions) {
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  return functions->C_Initialize(&arguments);
}

// Many modules look for tokens only when they begin: one that came (back) is found after this.
enum class Anew { begun, in_use, nothing_there };
Anew begin_anew(const std::string& path) {
  const std::lock_guard guard(modules_mutex);
  const Module& module = modules()[path];
  if (module.functions == nullptr || module.sessions > 0) return Anew::in_use;
  module.functions->C_Finalize(nullptr);
  return begin(module.functions) == CKR_OK ? Anew::begun : Anew::nothing_there;
}

Result<CK_FUNCTION_LIST*> load(const std::string& path) {
  const std::lock_guard guard(modules_mutex);
  auto& loaded = modules();
  if (const auto found = loaded.find(path); found != loaded.end() && found->second.functions != nullptr) {
    return found->second.functions;
  }
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  const auto unusable = [&](const std::string& why) {
    return fail(ErrorCode::usage, "the PKCS#11 module cannot be used: " + why, path);
  };
  if (library == nullptr) return unusable(::dlerror());
  void* symbol = ::dlsym(library, "C_GetFunctionList");
  if (symbol == nullptr) return unusable("it has no C_GetFunctionList");
  CK_C_GetFunctionList get = nullptr;
  std::memcpy(&get, &symbol, sizeof get);
  CK_FUNCTION_LIST* functions = nullptr;
  if (get(&functions) != CKR_OK || functions == nullptr) return unusable("it gives no functions");
  const CK_RV begun = begin(functions);
  if (begun != CKR_OK && begun != CKR_CRYPTOKI_ALREADY_INITIALIZED) return failed("begin", begun);
  loaded[path].functions = functions;
  return functions;
}

template <typename T>
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const T& value) {
  return {type, const_cast<T*>(&value), sizeof value};   // NOLINT: read only, the interface knows no const
}
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, std::string_view value) {
  return {type, const_cast<char*>(value.data()), value.size()};   // NOLINT
}

class Session : public TokenKey {
 public:
  Session(CK_FUNCTION_LIST* functions, CK_SESSION_HANDLE handle, const std::string& module)
      : use_(module), p11_(functions), handle_(handle) {}
  ~Session() override { p11_->C_CloseSession(handle_); }

  const crypto::Ed25519PublicKey& public_key() const override { return public_key_; }

  Result<crypto::Ed25519Signature> sign(std::string_view message) override {
    const std::lock_guard guard(mutex_);
    CK_MECHANISM mechanism{CKM_EDDSA, nullptr, 0};
    if (const CK_RV begun = p11_->C_SignInit(handle_, &mechanism, private_); begun != CKR_OK) {
      return failed("sign", begun);
    }
    crypto::Ed25519Signature out{};
    CK_ULONG length = out.size();
    std::string copy(message);
    const CK_RV done = p11_->C_Sign(handle_, reinterpret_cast<CK_BYTE*>(copy.data()), copy.size(), out.data(), &length);
    if (done != CKR_OK) return failed("sign", done);
    if (length != out.size() || !crypto::ed25519_verify(public_key_, message, out)) {
      return fail(ErrorCode::unavailable, "the token gave a signature that is not valid");
    }
    return out;
  }

  Result<void> log_in(std::string pin) {
    const CK_RV done = p11_->C_Login(handle_, CKU_USER, reinterpret_cast<CK_BYTE*>(pin.data()), pin.size());
    if (done != CKR_OK && done != CKR_USER_ALREADY_LOGGED_IN) return failed("let us in", done);
    return {};
  }

  Result<std::vector<CK_OBJECT_HANDLE>> find(CK_OBJECT_CLASS kind, const std::string& label) {
    std::array wanted = {attribute(CKA_CLASS, kind), attribute(CKA_LABEL, std::string_view(label))};
    if (const CK_RV begun = p11_->C_FindObjectsInit(handle_, wanted.data(), wanted.size()); begun != CKR_OK) {
      return failed("look for the key", begun);
    }
    std::vector<CK_OBJECT_HANDLE> out(2);
    CK_ULONG count = 0;
    const CK_RV done = p11_->C_FindObjects(handle_, out.data(), out.size(), &count);
    p11_->C_FindObjectsFinal(handle_);
    if (done != CKR_OK) return failed("look for the key", done);
    out.resize(count);
    return out;
  }

  Result<void> make(const std::string& label) {
    const CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    const std::string_view name(label);
    std::array open_part = {attribute(CKA_TOKEN, yes), attribute(CKA_VERIFY, yes), attribute(CKA_LABEL, name),
                            attribute(CKA_EC_PARAMS, ed25519_oid)};
    std::array secret_part = {attribute(CKA_TOKEN, yes),     attribute(CKA_PRIVATE, yes),
                              attribute(CKA_SENSITIVE, yes), attribute(CKA_EXTRACTABLE, no),
                              attribute(CKA_SIGN, yes),      attribute(CKA_LABEL, name)};
    CK_MECHANISM mechanism{CKM_EC_EDWARDS_KEY_PAIR_GEN, nullptr, 0};
    CK_OBJECT_HANDLE open_handle = 0, secret_handle = 0;
    const CK_RV done = p11_->C_GenerateKeyPair(handle_, &mechanism, open_part.data(), open_part.size(),
                                               secret_part.data(), secret_part.size(), &open_handle, &secret_handle);
    if (done != CKR_OK) return failed("make an Ed25519 key", done);
    return {};
  }

  Result<void> use(CK_OBJECT_HANDLE secret, CK_OBJECT_HANDLE open_handle) {
    CK_KEY_TYPE kind = 0;
    std::array<unsigned char, 64> point{};
    std::array about = {CK_ATTRIBUTE{CKA_KEY_TYPE, &kind, sizeof kind},
                        CK_ATTRIBUTE{CKA_EC_POINT, point.data(), point.size()}};
    const CK_RV done = p11_->C_GetAttributeValue(handle_, open_handle, about.data(), about.size());
    if (done != CKR_OK) return failed("give the public key", done);
    // An OCTET STRING in DER, or with older modules the 32 bytes alone.
    const std::size_t length = about[1].ulValueLen;
    const bool wrapped = length == 34 && point[0] == 0x04 && point[1] == 0x20;
    if (kind != CKK_EC_EDWARDS || (!wrapped && length != 32)) {
      return fail(ErrorCode::invalid, "the key is not one for Ed25519");
    }
    std::copy_n(point.begin() + (wrapped ? 2 : 0), public_key_.size(), public_key_.begin());
    private_ = secret;
    return {};
  }

 private:
  const Use use_;
  CK_FUNCTION_LIST* p11_;
  CK_SESSION_HANDLE handle_;
  CK_OBJECT_HANDLE private_ = 0;
  crypto::Ed25519PublicKey public_key_{};
  std::mutex mutex_;
};

std::string_view trimmed(const CK_UTF8CHAR* text, std::size_t size) {
  std::string_view out(reinterpret_cast<const char*>(text), size);
  while (out.ends_with(' ')) out.remove_suffix(1);
  return out;
}

Result<CK_SLOT_ID> slot_of(CK_FUNCTION_LIST* p11, const std::string& label) {
  std::array<CK_SLOT_ID, most_slots> slots{};
  CK_ULONG count = slots.size();
  if (const CK_RV done = p11->C_GetSlotList(CK_TRUE, slots.data(), &count); done != CKR_OK) {
    return failed("list its slots", done);
  }
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_TOKEN_INFO about{};
    if (p11->C_GetTokenInfo(slots[i], &about) != CKR_OK) continue;
    if (trimmed(about.label, sizeof about.label) == label) return slots[i];
  }
  return fail(ErrorCode::not_found, "there is no token called \"" + label + "\"");
}

Result<std::unique_ptr<TokenKey>> open_once(const TokenOptions& options, bool create) {
  auto p11 = load(options.module);
  if (!p11) return pass(p11);
  auto slot = slot_of(*p11, options.token);
  if (!slot) return pass(slot);
  CK_SESSION_HANDLE handle = 0;
  const CK_FLAGS flags = CKF_SERIAL_SESSION | (create ? CKF_RW_SESSION : 0UL);
  if (const CK_RV opened = (*p11)->C_OpenSession(*slot, flags, nullptr, nullptr, &handle); opened != CKR_OK) {
    return failed("open a session", opened);
  }
  auto session = std::make_unique<Session>(*p11, handle, options.module);
  if (auto in = session->log_in(options.pin); !in) return pass(in);
  auto secret = session->find(CKO_PRIVATE_KEY, options.label);
  if (secret && secret->empty() && create) {
    if (auto made = session->make(options.label); !made) return pass(made);
    secret = session->find(CKO_PRIVATE_KEY, options.label);
  }
  if (!secret) return pass(secret);
  auto open_handle = session->find(CKO_PUBLIC_KEY, options.label);
  if (!open_handle) return pass(open_handle);
  if (secret->empty() || open_handle->empty()) {
    return fail(ErrorCode::not_found, "the token has no key pair called \"" + options.label + "\"");
  }
  if (secret->size() > 1 || open_handle->size() > 1) {
    return fail(ErrorCode::conflict, "the token has several keys called \"" + options.label + "\"");
  }
  if (auto used = session->use(secret->front(), open_handle->front()); !used) return pass(used);
  return session;
}

}  // namespace

Result<std::unique_ptr<TokenKey>> TokenKey::open(const TokenOptions& options, bool create) {
  auto opened = open_once(options, create);
  const bool away = !opened && (opened.error().code == ErrorCode::not_found ||
                                opened.error().code == ErrorCode::unavailable);
  if (!away) return opened;
  const Anew anew = begin_anew(options.module);
  if (anew == Anew::begun) return open_once(options, create);
  if (anew == Anew::in_use) return opened;
  return fail(ErrorCode::unavailable, "the PKCS#11 module finds no token now", options.module);
}

}  // namespace verbund::token
