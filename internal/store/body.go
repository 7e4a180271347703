package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"hash"
	"io"

	"github.com/hookctl/hookctl/internal/hook"
)

// A keptBody is a body in the store, read when it is asked for.
type keptBody struct {
	db     *sql.DB
	seq    int64
	id     hook.ID
	size   int64
	sha256 [sha256.Size]byte
}

// bodyOf returns the body of c, to be read from db.
func bodyOf(db *sql.DB, c *hook.Capture) hook.Body {
	if c.BodySize == 0 {
		return hook.Bytes{}
	}
	return &keptBody{db: db, seq: c.Seq, id: c.ID, size: c.BodySize, sha256: c.BodySHA256}
}

// Size is the number of bytes.
func (b *keptBody) Size() int64 { return b.size }

// Open returns a reader over the bytes. It, or for a large body the reader at
// its end, returns a *DamagedRowError where they do not have their digest.
func (b *keptBody) Open() (io.ReadCloser, error) {
	if b.size > maxInline {
		return &chunkReader{body: b, load: b.chunk, digest: sha256.New()}, nil
	}
	var body []byte
	err := b.db.QueryRowContext(context.Background(), `SELECT body FROM captures WHERE seq = ?`, b.seq).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, b.gone()
	}
	if err != nil {
		return nil, explain(err)
	}
	if sha256.Sum256(body) != b.sha256 {
		return nil, b.damaged()
	}
	return io.NopCloser(bytes.NewReader(body)), nil
}

// chunk reads the nth chunk.
func (b *keptBody) chunk(n int) (data []byte, err error) {
	err = b.db.QueryRowContext(context.Background(),
		`SELECT data FROM body_chunks WHERE capture_seq = ? AND n = ?`, b.seq, n).Scan(&data)
	if !errors.Is(err, sql.ErrNoRows) {
		return data, explain(err)
	}
	var there bool
	err = b.db.QueryRowContext(context.Background(), `SELECT EXISTS (SELECT 1 FROM captures WHERE seq = ?)`, b.seq).Scan(&there)
	if err != nil {
		return nil, explain(err)
	}
	if !there {
		return nil, b.gone()
	}
	return nil, b.damaged()
}

func (b *keptBody) damaged() error {
	return &DamagedRowError{Seq: b.seq, ID: b.id, What: "body"}
}

// gone is the error of a body that was deleted after its capture was listed.
func (b *keptBody) gone() error { return &NotFoundError{Ref: string(b.id)} }

// A chunkReader reads a body kept in chunks, one at a time.
type chunkReader struct {
	body   *keptBody
	load   func(n int) ([]byte, error)
	digest hash.Hash
	n      int // the next chunk
	read   int64
	chunk  []byte // what is left of the last one
}

func (r *chunkReader) Read(p []byte) (int, error) {
	if len(r.chunk) == 0 {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.chunk)
	r.chunk = r.chunk[n:]
	return n, nil
}

// next loads a chunk. After the last it checks the whole, and returns io.EOF.
func (r *chunkReader) next() error {
	if r.read == r.body.size {
		if [sha256.Size]byte(r.digest.Sum(nil)) != r.body.sha256 {
			return r.body.damaged()
		}
		return io.EOF
	}
	chunk, err := r.load(r.n)
	if err != nil {
		return err
	}
	if r.read += int64(len(chunk)); len(chunk) == 0 || r.read > r.body.size {
		return r.body.damaged()
	}
	r.n++
	r.digest.Write(chunk)
	r.chunk = chunk
	return nil
}

// Close ends the reading. There is nothing to free.
func (r *chunkReader) Close() error { return nil }
