// SPDX-License-Identifier: EUPL-1.2
#include "kits/tls/session.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <map>
#include <mutex>

namespace verbund::tls {
namespace {

std::unexpected<Error> unavailable(const std::string& what) { return fail(ErrorCode::unavailable, what); }
std::unexpected<Error> too_late() { return unavailable("no answer in time"); }

std::string library_reason() {
  const unsigned long code = ::ERR_get_error();
  const char* reason = code == 0 ? nullptr : ::ERR_reason_error_string(code);
  ::ERR_clear_error();
  return reason == nullptr ? "the connection was broken off" : reason;
}

struct ContextDeleter {
  void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, ContextDeleter>;

Result<Context> make_context(const std::string& ca_file) {
  Context context(::SSL_CTX_new(::TLS_client_method()));
  if (!context || ::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      ::SSL_CTX_set_default_verify_paths(context.get()) != 1) {
    return unavailable("TLS cannot be set up: " + library_reason());
  }
  if (!ca_file.empty() && ::SSL_CTX_load_verify_file(context.get(), ca_file.c_str()) != 1) {
    ::ERR_clear_error();
    return fail(ErrorCode::usage, "the file with trusted certificates does not read", ca_file,
                "it holds certificates of authorities in PEM form");
  }
  ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  ::SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

// Reading the authorities of the system costs milliseconds: once for each file. Contexts live as long as the process.
Result<SSL_CTX*> context_for(const std::string& ca_file) {
  static std::mutex mutex;
  static std::map<std::string, Context> contexts;
  const std::lock_guard lock(mutex);
  const auto known = contexts.find(ca_file);
  if (known != contexts.end()) return known->second.get();
  auto made = make_context(ca_file);
  if (!made) return pass(made);
  return contexts.emplace(ca_file, std::move(*made)).first->second.get();
}

bool is_ip_address(const std::string& host) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

// The way to the socket: as OpenSSL's own, but a broken connection is an error and no signal.
int socket_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(::BIO_get_data(bio))); }
int put(BIO* bio, const char* bytes, int count) {
  ::BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(socket_of(bio), bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) ::BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}
int get(BIO* bio, char* bytes, int count) {
  ::BIO_clear_retry_flags(bio);
  const ssize_t got = ::recv(socket_of(bio), bytes, static_cast<std::size_t>(count), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) ::BIO_set_retry_read(bio);
  return static_cast<int>(got);
}
long control(BIO*, int what, long, void*) { return what == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* way() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = ::BIO_meth_new(::BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (made == nullptr) return made;
    ::BIO_meth_set_write(made, put);
    ::BIO_meth_set_read(made, get);
    ::BIO_meth_set_ctrl(made, control);
    return made;
  }();
  return method;
}

}  // namespace

bool wait_for(int socket, bool reading, TimePoint until) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{socket, static_cast<short>(reading ? POLLIN : POLLOUT), 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

struct Session::State {
  SSL* ssl = nullptr;
  int socket = -1;
  ~State() {
    if (ssl != nullptr && ::SSL_is_init_finished(ssl)) ::SSL_shutdown(ssl);   // a word of goodbye, not waited for
    ::ERR_clear_error();
    ::SSL_free(ssl);
  }
  // After a call that gave `result`: true where it is to be called again. Errors: unavailable.
  Result<bool> again(int result, TimePoint until) {
    switch (::SSL_get_error(ssl, result)) {
      case SSL_ERROR_WANT_READ: return wait_for(socket, true, until) ? Result<bool>(true) : too_late();
      case SSL_ERROR_WANT_WRITE: return wait_for(socket, false, until) ? Result<bool>(true) : too_late();
      case SSL_ERROR_ZERO_RETURN: return false;
      default: return unavailable(library_reason());
    }
  }
};

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Result<Session> Session::open(int socket, const std::string& host, const std::string& ca_file, TimePoint until) {
  const auto context = context_for(ca_file);
  if (!context) return std::unexpected(context.error());
  ::ERR_clear_error();
  auto state = std::make_unique<State>();
  state->socket = socket;
  state->ssl = ::SSL_new(*context);
  BIO* bio = state->ssl == nullptr || way() == nullptr ? nullptr : ::BIO_new(way());
  if (bio == nullptr) return unavailable(library_reason());
  ::BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
  ::BIO_set_init(bio, 1);
  ::SSL_set_bio(state->ssl, bio, bio);   // owns it
  if (is_ip_address(host)) {
    if (::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(state->ssl), host.c_str()) != 1) {
      return unavailable(library_reason());
    }
  } else if (::SSL_set1_host(state->ssl, host.c_str()) != 1 ||
             ::SSL_ctrl(state->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                        const_cast<char*>(host.c_str())) != 1) {   // SSL_set_tlsext_host_name
    return unavailable(library_reason());
  }
  ::SSL_set_hostflags(state->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  while (true) {
    const int result = ::SSL_connect(state->ssl);
    if (result == 1) return Session(std::move(state));
    const long certificate = ::SSL_get_verify_result(state->ssl);
    if (certificate != X509_V_OK) {
      ::ERR_clear_error();
      return unavailable("the certificate is not accepted: " +
                         std::string(::X509_verify_cert_error_string(certificate)));
    }
    const auto more = state->again(result, until);
    if (!more) return std::unexpected(more.error());
    if (!*more) return unavailable("the connection was broken off");
  }
}

Result<std::size_t> Session::read(char* bytes, std::size_t most, TimePoint until) {
  while (true) {
    std::size_t got = 0;
    ::ERR_clear_error();
    const int result = ::SSL_read_ex(state_->ssl, bytes, most, &got);
    if (result == 1) return got;
    const auto more = state_->again(result, until);
    if (!more) return std::unexpected(more.error());
    if (!*more) return 0;
  }
}

Result<void> Session::write(std::string_view bytes, TimePoint until) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    ::ERR_clear_error();
    const int result = ::SSL_write_ex(state_->ssl, bytes.data(), bytes.size(), &sent);
    if (result == 1) {
      bytes.remove_prefix(sent);
      continue;
    }
    const auto more = state_->again(result, until);
    if (!more) return std::unexpected(more.error());
    if (!*more) return unavailable("the connection was broken off");
  }
  return {};
}

}  // namespace verbund::tls
