package send

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// notInTime is the reason of an attempt that brought nothing by its deadline.
	notInTime = "no complete answer in time"
	// maxReason bounds reasons, in bytes: some quote what the target sent.
	maxReason = 300
)

// A keptError is the end of a connection that an earlier exchange had left open.
type keptError struct{ err error }

func (e *keptError) Error() string { return e.err.Error() }
func (e *keptError) Unwrap() error { return e.err }

// isEnd reports whether err says that the other side ended the connection.
func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// explain turns the error of an exchange into one of the failures and a reason in words.
func explain(ctx context.Context, err error) (failure, reason string) {
	var op *net.OpError
	var untrusted *tls.CertificateVerificationError
	cause := context.Cause(ctx)
	switch {
	case cause != nil && !errors.Is(cause, context.DeadlineExceeded):
		return hook.FailureCancelled, "hookctl was stopped before the answer came"
	case errors.As(err, &op) && op.Op == "dial":
		return hook.FailureUnreachable, Reason(err)
	case errors.Is(err, errNoHandshake):
		return hook.FailureUnreachable, errNoHandshake.Error()
	case errors.As(err, &untrusted):
		return hook.FailureBroken, plain(err) + "; --insecure accepts any certificate"
	case cause != nil, isTimeout(err):
		return hook.FailureLate, notInTime
	case errors.As(err, new(*keptError)):
		_, reason = explain(ctx, errors.Unwrap(err))
		return hook.FailureBroken, reason + ", on a connection that was kept open"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return hook.FailureBroken, "the connection was closed before the answer was complete"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return hook.FailureBroken, "the connection was reset before the answer was complete"
	}
	return hook.FailureBroken, misunderstanding(err)
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout()
}

// misunderstanding is the text of err, or what is behind it where one side speaks TLS
// and the other does not.
func misunderstanding(err error) string {
	var record tls.RecordHeaderError
	text := plain(err)
	switch {
	case errors.As(err, &record) && string(record.RecordHeader[:]) == "HTTP/":
		return "the target speaks plain HTTP: its URL begins with http://"
	case strings.HasPrefix(text, `malformed HTTP response "\x15\x03`):
		return "the target speaks TLS: its URL begins with https://"
	}
	return text
}

// Reason says why a connection could not be made, without the addresses around it.
func Reason(err error) string {
	if isTimeout(err) {
		return "no connection in time"
	}
	return plain(err)
}

// plain is an error's text without the addresses, and without the names of system calls
// and packages before it.
func plain(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		err = call.Err
	}
	text := err.Error()
	for _, prefix := range []string{"dial tcp: ", "connect: ", "net/http: ", "http: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return text
}

// clip shortens a reason that is too long.
func clip(reason string) string {
	if len(reason) <= maxReason {
		return reason
	}
	end := maxReason
	for end > 0 && !utf8.RuneStart(reason[end]) {
		end--
	}
	return reason[:end] + "…"
}
