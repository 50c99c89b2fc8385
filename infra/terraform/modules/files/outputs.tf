output "bucket" {
  description = "Name of the bucket (S3_BUCKET)."
  value       = aws_s3_bucket.files.bucket
}

output "bucket_arn" {
  description = "Its ARN."
  value       = aws_s3_bucket.files.arn
}
