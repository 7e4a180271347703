package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxInline is the largest body that is kept in one piece.
	maxInline = 1 << 20
	chunkSize = 256 << 10
	// rowWeight is about what a capture weighs besides its body.
	rowWeight = 512
)

// Keep queues c to be stored. The channel gets nil once c is on disk, and then
// c.Seq is set; or the reason why it was not kept: ErrFull, ErrReadOnly, ErrClosed,
// or whatever its Body failed with. Until then c must not be changed.
//
// Where c.BodySHA256 is zero it is computed. Of c.Identity the first 16 candidates
// are kept, and of each text 1 KiB, with U+FFFD for bytes that are not UTF-8.
func (s *Store) Keep(c *hook.Capture) <-chan error {
	if s.writer == nil {
		return refused()
	}
	return s.writer.do(&keeping{c: c})
}

// Record queues a to be stored. The channel gets nil once it is on disk, and then
// a.Seq is set. Where a is an attempt to send a capture that was deleted meanwhile it
// gets a *NotFoundError. It is for callers who do not wait: a may be held back for a
// moment, to go along with the next capture.
func (s *Store) Record(a *hook.Attempt) <-chan error { return s.record(a, true) }

// RecordNow is Record for callers who wait before they go on.
func (s *Store) RecordNow(a *hook.Attempt) <-chan error { return s.record(a, false) }

func (s *Store) record(a *hook.Attempt, patient bool) <-chan error {
	if s.writer == nil {
		return refused()
	}
	return s.writer.do(&recording{a: a, patient: patient})
}

// refused is the answer of a store that was opened to be read.
func refused() <-chan error {
	done := make(chan error, 1)
	done <- ErrReadOnly
	return done
}

// A keeping is a capture on its way to disk.
type keeping struct {
	c   *hook.Capture
	seq int64
}

func (k *keeping) weight() int64 { return rowWeight + k.c.BodySize }

func (*keeping) lazy() bool { return false }

func (k *keeping) committed() { k.c.Seq = k.seq }

func (k *keeping) write(ctx context.Context, s *session) error {
	c := k.c
	if c.BodySHA256 == ([sha256.Size]byte{}) {
		if err := digest(c); err != nil {
			return err
		}
	}
	k.seq = s.lastCapture + 1
	if err := s.keep(ctx, c, k.seq); err != nil {
		return err
	}
	s.lastCapture = k.seq
	if c.Validation != nil {
		return s.assess(ctx, c.Validation, k.seq)
	}
	return nil
}

// keep inserts c with its body and its identity as seq.
func (s *session) keep(ctx context.Context, c *hook.Capture, seq int64) error {
	if c.BodySize > maxInline {
		return s.guarded(ctx, func() error {
			if err := s.insert(ctx, c, seq, nil); err != nil {
				return err
			}
			return s.insertChunks(ctx, c, seq)
		})
	}
	body, err := hook.ReadBody(c.Body)
	if err != nil {
		return fmt.Errorf("reading the body: %w", err)
	}
	if int64(len(body)) != c.BodySize {
		return sizeError(int64(len(body)), c.BodySize)
	}
	return s.insert(ctx, c, seq, body)
}

// insert adds the row of c as seq.
func (s *session) insert(ctx context.Context, c *hook.Capture, seq int64, body []byte) error {
	row := &s.capture
	row.set(c)
	row.seq = seq
	row.checksum = row.fingerprint(&s.print)
	s.args = append(row.appendArgs(s.args[:0]), orNull(body), orNull(row.identity))
	return s.addCapture.run(ctx, s.args)
}

// insertChunks adds the body of c in pieces, of which one at a time is in memory.
func (s *session) insertChunks(ctx context.Context, c *hook.Capture, seq int64) error {
	r, err := c.Body.Open()
	if err != nil {
		return fmt.Errorf("reading the body: %w", err)
	}
	defer r.Close()
	buf, total := make([]byte, chunkSize), int64(0)
	for n := 0; ; n++ {
		size, err := io.ReadFull(r, buf)
		if total += int64(size); size > 0 {
			if _, err := s.addChunk.ExecContext(ctx, seq, n, buf[:size]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			if total != c.BodySize {
				return sizeError(total, c.BodySize)
			}
			return nil
		case err != nil:
			return fmt.Errorf("reading the body: %w", err)
		}
	}
}

func sizeError(got, want int64) error {
	return fmt.Errorf("the body has %d bytes, not %d as stated", got, want)
}

// digest sets the size and the digest of c's body from its bytes.
func digest(c *hook.Capture) error {
	h := sha256.New()
	c.BodySize = 0
	if c.Body != nil {
		r, err := c.Body.Open()
		if err != nil {
			return fmt.Errorf("reading the body: %w", err)
		}
		defer r.Close()
		if c.BodySize, err = io.Copy(h, r); err != nil {
			return fmt.Errorf("reading the body: %w", err)
		}
	}
	h.Sum(c.BodySHA256[:0])
	return nil
}

// A recording is an attempt on its way to disk.
type recording struct {
	a       *hook.Attempt
	patient bool       // nobody waits
	seen    *sightings // nil for none
	// See RecordSoon.
	soon    bool
	company int
	seq     int64
}

func (r *recording) weight() int64 { return rowWeight + int64(len(r.a.ResponseBody)) }

func (r *recording) lazy() bool { return r.patient }

func (r *recording) committed() { r.a.Seq = r.seq }

func (r *recording) write(ctx context.Context, s *session) error {
	r.seq = s.lastAttempt + 1
	seen := r.seen != nil && r.seen.has(s.deletions, r.a.CaptureSeq)
	if err := s.record(ctx, r.a, r.seq, seen); err != nil {
		return err
	}
	s.lastAttempt = r.seq
	return nil
}

// record inserts a as seq, or fails with a *NotFoundError where its capture is gone. seen
// says that it is not.
func (s *session) record(ctx context.Context, a *hook.Attempt, seq int64, seen bool) error {
	row := &s.attempt
	row.set(a)
	row.seq = seq
	row.checksum = row.fingerprint(&s.print)
	kept, err := row.insert(ctx, s, a.ResponseBody, seen)
	if err == nil && !kept {
		err = &NotFoundError{Ref: captureName(a)}
	}
	return err
}

// captureName names the capture of a for a message.
func captureName(a *hook.Attempt) string {
	if a.CaptureID != "" {
		return string(a.CaptureID)
	}
	return strconv.FormatInt(a.CaptureSeq, 10)
}
