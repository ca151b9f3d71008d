"""What the product is made of, that others wrote: images, a bill of materials, licences."""
