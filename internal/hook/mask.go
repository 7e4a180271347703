package hook

// Masked is c with the values of sensitive headers hidden.
func (c *Capture) Masked() *Capture {
	hidden := *c
	hidden.Header, hidden.Trailer = c.Header.maskedOrNil(), c.Trailer.maskedOrNil()
	return &hidden
}

// Redacted reports whether c has hidden values in the place of its own: it can be looked
// at, but is not what was sent.
func (c *Capture) Redacted() bool { return c.Header.redacted() || c.Trailer.redacted() }

// Masked is a with the values of sensitive headers of the response hidden.
func (a *Attempt) Masked() *Attempt {
	hidden := *a
	hidden.ResponseHeader = a.ResponseHeader.maskedOrNil()
	return &hidden
}

// Masked is d with the values of sensitive headers of its message hidden.
func (d *Delivery) Masked() *Delivery {
	hidden := *d
	if d.Message != nil {
		message := *d.Message
		message.Header = message.Header.maskedOrNil()
		hidden.Message = &message
	}
	return &hidden
}

func (h Header) maskedOrNil() Header {
	if h == nil {
		return nil
	}
	return h.Mask()
}

// redacted reports whether a value is hidden.
func (h Header) redacted() bool {
	for i := range h {
		if h[i].Value == Masked && Sensitive(h[i].Name) {
			return true
		}
	}
	return false
}
