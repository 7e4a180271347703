package listener

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxInMemory is the size up to which a body is held in memory.
	maxInMemory = 1 << 20
	// maxTrusted is the size up to which a stated length is allocated before the
	// bytes are there.
	maxTrusted = 64 << 10
	// bodyPace is the bytes of a body that earn it a second more to come: a slow
	// line is fine, a silent sender is cut off.
	bodyPace = 1 << 10
	// renewEvery keeps the setting of deadlines off the path of fast bodies.
	renewEvery = 100 * time.Millisecond
)

// A Spool is a place on disk for a body too large to hold in memory.
type Spool interface {
	io.Writer
	hook.Body
	io.Closer
}

// A payload is a body that has been read, with its digest.
type payload struct {
	body  hook.Body
	sum   [32]byte
	spool Spool // what to close when the payload is no longer needed; nil for one in memory
}

func (p *payload) close() {
	if p.spool != nil {
		p.spool.Close()
	}
}

// errTooLarge is the error of a body over the limit.
var errTooLarge = errors.New("the body is over the limit")

// A cutError is a body that did not come whole: the sender's or the line's doing.
type cutError struct {
	got int64 // bytes that came
	err error
}

func (e *cutError) Error() string {
	why := "the connection was closed"
	if e.late() {
		why = "nothing more came in time"
	} else if !errors.Is(e.err, io.ErrUnexpectedEOF) && !errors.Is(e.err, io.EOF) {
		why = e.err.Error()
	}
	return fmt.Sprintf("the body ended early, after %d bytes: %s", e.got, why)
}

func (e *cutError) Unwrap() error { return e.err }

func (e *cutError) late() bool {
	var timeout interface{ Timeout() bool }
	return errors.As(e.err, &timeout) && timeout.Timeout()
}

// status is the answer to a request whose body was cut.
func (e *cutError) status() int {
	if e.late() {
		return http.StatusRequestTimeout
	}
	return http.StatusBadRequest
}

// readBody reads the whole body of r: into memory while it is small, into a
// spool beyond.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) (*payload, error) {
	if r.ContentLength > s.config.MaxBody {
		return nil, errTooLarge
	}
	if 0 <= r.ContentLength && r.ContentLength <= maxTrusted {
		body := make([]byte, r.ContentLength)
		if err := s.readShort(w, r, body); err != nil {
			return nil, err
		}
		return &payload{body: hook.Bytes(body), sum: sha256.Sum256(body)}, nil
	}
	return s.readLong(s.patient(w, r))
}

// readShort fills body. The first read mostly brings all of it; a deadline is put
// off only where more is to come.
func (s *Server) readShort(w http.ResponseWriter, r *http.Request, body []byte) error {
	n, err := r.Body.Read(body)
	if n == len(body) {
		return nil
	}
	if err != nil {
		return &cutError{int64(n), err}
	}
	rest := s.patient(w, r)
	rest.read = int64(n)
	if _, err := io.ReadFull(rest, body[n:]); err != nil {
		var cut *cutError
		if !errors.As(err, &cut) {
			err = &cutError{rest.read, err}
		}
		return err
	}
	return nil
}

func (s *Server) patient(w http.ResponseWriter, r *http.Request) *patient {
	return &patient{r: r.Body, control: http.NewResponseController(w), start: time.Now(), allowed: s.config.Patience.Body}
}

// readLong reads a body of unknown or large size.
func (s *Server) readLong(r io.Reader) (*payload, error) {
	head, err := io.ReadAll(io.LimitReader(r, maxInMemory+1))
	if err != nil {
		return nil, err
	}
	if int64(len(head)) > s.config.MaxBody {
		return nil, errTooLarge
	}
	if len(head) <= maxInMemory {
		return &payload{body: hook.Bytes(head), sum: sha256.Sum256(head)}, nil
	}
	spool, err := s.config.NewSpool()
	if err != nil {
		return nil, fmt.Errorf("spooling the body: %w", err)
	}
	p := &payload{body: spool, spool: spool}
	if p.sum, err = s.fill(spool, head, r); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// fill writes head and the rest of r to spool and returns the digest of both.
func (s *Server) fill(spool Spool, head []byte, r io.Reader) (sum [32]byte, err error) {
	to := &spoolWriter{spool: spool, digest: sha256.New()}
	if _, err := to.Write(head); err != nil {
		return sum, err
	}
	n, err := io.Copy(to, io.LimitReader(r, s.config.MaxBody-int64(len(head))+1))
	if err != nil {
		return sum, err
	}
	if int64(len(head))+n > s.config.MaxBody {
		return sum, errTooLarge
	}
	return [32]byte(to.digest.Sum(nil)), nil
}

// A spoolWriter writes to a spool and a digest.
type spoolWriter struct {
	spool  Spool
	digest hash.Hash
}

func (w *spoolWriter) Write(p []byte) (int, error) {
	w.digest.Write(p)
	n, err := w.spool.Write(p)
	if err != nil {
		return n, fmt.Errorf("spooling the body: %w", err)
	}
	return n, nil
}

// A patient reader reads from a connection, putting off its read deadline as
// bytes arrive. Its errors are a *cutError.
type patient struct {
	r       io.Reader
	control *http.ResponseController
	start   time.Time
	allowed time.Duration // before anything came
	read    int64
	last    time.Time // when the deadline was last put off
}

func (p *patient) Read(b []byte) (int, error) {
	if now := time.Now(); now.Sub(p.last) > renewEvery {
		p.last = now
		allowed := p.allowed + time.Duration(p.read/bodyPace)*time.Second
		// A connection that cannot take a deadline keeps the one net/http gave it.
		_ = p.control.SetReadDeadline(p.start.Add(allowed))
	}
	n, err := p.r.Read(b)
	p.read += int64(n)
	if err != nil && err != io.EOF {
		err = &cutError{p.read, err}
	}
	return n, err
}
