package send

// Quiet reports whether targets have neither closed nor spoken on any connection of c that
// is idle.
func (c *Client) Quiet() bool {
	c.pool.mu.Lock()
	defer c.pool.mu.Unlock()
	for _, of := range c.pool.idle {
		for _, conn := range of {
			if !conn.quiet() {
				return false
			}
		}
	}
	return true
}
