package send

import "io"

// Wire writes r as Attempt would, head and body, byte for byte. It refuses what Attempt
// refuses to send.
func Wire(w io.Writer, r Request) error {
	if err := check(&r); err != nil {
		return err
	}
	m, err := compose(nil, &r)
	defer m.close()
	if err != nil {
		return err
	}
	if _, err := w.Write(m.first); err != nil || m.left == 0 {
		return err
	}
	n, err := io.Copy(w, m.rest)
	if err == nil && n < m.left {
		err = shortBody(io.EOF, m.size-m.left+n, m.size)
	}
	return err
}
