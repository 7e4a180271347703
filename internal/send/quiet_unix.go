//go:build unix

package send

import "syscall"

// silence returns a function that reports whether the target neither closed the idle
// connection c nor sent anything on it. It looks without waiting.
func silence(c *conn) func() bool {
	nothing := func() bool { return false }
	socket, ok := c.raw.(syscall.Conn)
	if !ok {
		return nothing
	}
	control, err := socket.SyscallConn()
	if err != nil {
		return nothing
	}
	var quiet bool
	byteAhead := make([]byte, 1)
	peek := func(fd uintptr) {
		_, _, err := syscall.Recvfrom(int(fd), byteAhead, syscall.MSG_PEEK)
		quiet = err == syscall.EAGAIN || err == syscall.EWOULDBLOCK
	}
	return func() bool {
		// Control, unlike Read, does not mind the deadline of the request before.
		return control.Control(peek) == nil && quiet
	}
}
