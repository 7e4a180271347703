package send

import (
	"io"
	"time"
)

// lastWrite is how long an upload may take to notice that it is done, after the answer
// to it has come.
const lastWrite = 20 * time.Millisecond

// An upload is the sending of what did not go out at once, side by side with the reading
// of the answer: a target may answer before it has read everything.
type upload struct {
	done chan struct{} // closed when err is known
	err  error
}

// upload begins to send the rest of m. It returns nil where there is none.
func (x *exchange) upload(m *message) *upload {
	if m.left == 0 {
		return nil
	}
	up := &upload{done: make(chan struct{})}
	go func() {
		defer close(up.done)
		up.err = x.sendRest(m)
	}()
	return up
}

// sendRest sends the rest of m.
func (x *exchange) sendRest(m *message) error {
	send := x.copyRest
	if m.source == nil { // in memory
		send = func(m *message) error { _, err := io.Copy(x.conn, m.rest); return err }
	}
	if err := send(m); err != nil {
		return err
	}
	m.left = 0
	x.limitHead(m)
	return nil
}

// copyRest sends the rest of m as it is read. A body that cannot be read ends the
// connection: what was announced can no longer be sent.
func (x *exchange) copyRest(m *message) error {
	buffer := x.client.takeBuffer()
	defer x.client.giveBuffer(buffer)
	source := &tracked{r: m.rest}
	// The connection is hidden behind a plain interface, for io.Copy to use the buffer.
	n, err := io.CopyBuffer(struct{ io.Writer }{x.conn}, source, (*buffer)[:cap(*buffer)])
	switch {
	case source.err != nil:
		x.conn.drop()
		return &bodyError{source.err}
	case err != nil:
		return err
	case n < m.left:
		x.conn.drop()
		return shortBody(io.EOF, m.size-m.left+n, m.size)
	}
	return nil
}

// end ends the upload once the answer is there, or will not come. It says whether all
// went out, and what broke it off otherwise. It is safe on a nil upload.
func (u *upload) end(conn *conn) (finished bool, err error) {
	if u == nil {
		return true, nil
	}
	late := time.NewTimer(lastWrite)
	defer late.Stop()
	select {
	case <-u.done:
	case <-late.C:
		conn.drop()
		<-u.done
	}
	return u.err == nil, u.err
}

// A tracked reader remembers why it failed.
type tracked struct {
	r   io.Reader
	err error
}

func (t *tracked) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if err != io.EOF {
		t.err = err
	}
	return n, err
}
