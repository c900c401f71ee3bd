// SPDX-License-Identifier: EUPL-1.2
#include "kits/tls/testing/secure_server.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "base/check.h"

namespace verbund::tls {
namespace {

struct KeyDeleter { void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); } };
struct CertificateDeleter { void operator()(X509* one) const { ::X509_free(one); } };
using Key = std::unique_ptr<EVP_PKEY, KeyDeleter>;
using Certificate = std::unique_ptr<X509, CertificateDeleter>;

void extend(X509* certificate, X509* issuer, int what, const char* value) {
  X509V3_CTX context{};
  ::X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = ::X509V3_EXT_conf_nid(nullptr, &context, what, value);
  VERBUND_CHECK(extension != nullptr);
  ::X509_add_ext(certificate, extension, -1);
  ::X509_EXTENSION_free(extension);
}

Certificate make(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, long serial,
                 std::int64_t begins, std::int64_t ends) {
  Certificate out(::X509_new());
  ::X509_set_version(out.get(), 2);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(out.get()), serial);
  ::X509_gmtime_adj(::X509_getm_notBefore(out.get()), begins);
  ::X509_gmtime_adj(::X509_getm_notAfter(out.get()), ends);
  ::X509_set_pubkey(out.get(), key);
  ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(out.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509* signer = issuer == nullptr ? out.get() : issuer;
  ::X509_set_issuer_name(out.get(), ::X509_get_subject_name(signer));
  if (issuer == nullptr) {
    extend(out.get(), signer, NID_basic_constraints, "critical,CA:TRUE");
    extend(out.get(), signer, NID_key_usage, "critical,keyCertSign");
  } else {
    extend(out.get(), signer, NID_subject_alt_name, ("DNS:" + name).c_str());
  }
  VERBUND_CHECK(::X509_sign(out.get(), issuer_key, ::EVP_sha256()) > 0);
  return out;
}

}  // namespace

struct SecureServer::State {
  SSL_CTX* context = nullptr;
  int listening = -1;
  std::uint16_t port = 0;
  std::string authority_file;
  std::jthread thread;
};

SecureServer::SecureServer(const TestCertificate& wanted, std::string answer, bool cut)
    : state_(std::make_unique<State>()) {
  ::signal(SIGPIPE, SIG_IGN);   // of the server's side; the client's is under test and does without
  const Key authority_key(::EVP_EC_gen("P-256")), key(::EVP_EC_gen("P-256"));
  const Certificate authority = make("Test authority", authority_key.get(), nullptr, authority_key.get(), 1, -7200, 7200);
  const Certificate own =
      make(wanted.name, key.get(), authority.get(), authority_key.get(), 2, wanted.begins, wanted.ends);
  state_->authority_file = "/tmp/verbund-authority-XXXXXX";
  const int file = ::mkstemp(state_->authority_file.data());
  std::FILE* out = ::fdopen(file, "w");
  ::PEM_write_X509(out, authority.get());
  std::fclose(out);

  state_->context = ::SSL_CTX_new(::TLS_server_method());
  ::SSL_CTX_use_certificate(state_->context, own.get());
  ::SSL_CTX_use_PrivateKey(state_->context, key.get());
  if (!wanted.newest_only) ::SSL_CTX_set_max_proto_version(state_->context, TLS1_1_VERSION);

  state_->listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  VERBUND_CHECK(::bind(state_->listening, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  VERBUND_CHECK(::listen(state_->listening, 8) == 0);
  socklen_t size = sizeof address;
  ::getsockname(state_->listening, reinterpret_cast<sockaddr*>(&address), &size);
  state_->port = ntohs(address.sin_port);
  state_->thread = std::jthread([state = state_.get(), answer = std::move(answer), cut] {
    while (true) {
      const int socket = ::accept(state->listening, nullptr, nullptr);
      if (socket < 0) return;
      SSL* ssl = ::SSL_new(state->context);
      ::SSL_set_fd(ssl, socket);
      char request[4096];
      if (::SSL_accept(ssl) == 1 && ::SSL_read(ssl, request, sizeof request) > 0) {
        ::SSL_write(ssl, answer.data(), static_cast<int>(answer.size()));
        if (!cut) ::SSL_shutdown(ssl);
      }
      ::SSL_free(ssl);
      ::close(socket);
    }
  });
}

SecureServer::~SecureServer() {
  ::shutdown(state_->listening, SHUT_RDWR);
  state_->thread.join();
  ::close(state_->listening);
  ::SSL_CTX_free(state_->context);
  ::unlink(state_->authority_file.c_str());
}

std::uint16_t SecureServer::port() const { return state_->port; }
const std::string& SecureServer::authority_file() const { return state_->authority_file; }

}  // namespace verbund::tls
