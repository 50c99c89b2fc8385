variable "name" {
  description = "Name of the environment."
  type        = string
}
